"""The race behind scripts/bench-layers: medians of interleaved rounds, ratios only."""
import http.client, json, os, random, shutil, socket, statistics, subprocess, sys, tempfile, time

binary, peers, features = sys.argv[1], sys.argv[2], int(sys.argv[3])
work = tempfile.mkdtemp(); os.chmod(work, 0o755)
def port():
    with socket.socket() as s: s.bind(('127.0.0.1', 0)); return s.getsockname()[1]
ours, theirs, tiles = port(), port(), port()
started = []
def start(*args, **env):
    p = subprocess.Popen(args, env={**os.environ, **env}, stdout=open(work + '/out', 'ab'), stderr=subprocess.STDOUT); started.append(p); return p
def get(p, path, **headers):
    c = http.client.HTTPConnection('127.0.0.1', p, timeout=300); c.request('GET', path, headers=headers); r = c.getresponse(); b = r.read(); c.close(); return r.status, b, r
class Client: # one connection that stays, as clients have it; opened again when the server has closed it
    def __init__(self, p): self.p, self.c = p, None
    def get(self, path, **headers):
        for last in (False, True):
            self.c = self.c or http.client.HTTPConnection('127.0.0.1', self.p, timeout=300)
            try:
                self.c.request('GET', path, headers=headers); r = self.c.getresponse(); return r.status, r.read(), r
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.c = None
                if last: raise
try:
    start(binary, 'up', '--data-dir', work + '/data', '--listen', f'127.0.0.1:{ours}')
    for _ in range(600):
        try:
            if get(ours, '/readyz')[0] == 200: break
        except OSError: pass
        time.sleep(0.5)
    sock = work + '/data/run'
    def sql(text): subprocess.run(['psql', '-qh', sock, '-U', 'lifecircle', '-d', 'lifecircle', '-v', 'ON_ERROR_STOP=1', '-c', text], check=True)
    # Polygons of 40 points; the peers read the very rows of the layer through a view of the same columns.
    sql(f"""INSERT INTO unit (source, key, from_version, name, level, geom, digest)
      SELECT 'race', (880000000000 + i)::text, 1, '网格' || i, 5, ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(118 + (i % 1000) * 0.003, 28 + (i / 1000) * 0.003), 4326), 0.0014, 10)), '' FROM generate_series(1, {features}) i;
      ANALYZE unit; CREATE TABLE race AS SELECT key AS id, name, class, is_island, parent_code, source, geom FROM unit WHERE source = 'race'; ALTER TABLE race ADD PRIMARY KEY (id); CREATE INDEX ON race USING gist (geom); ANALYZE race;
      DELETE FROM layer_total;""")
    # The same table is a collection of ours too: what is raced is the server, not the versions of rows.
    gpkg = work + '/race.gpkg'
    subprocess.run(['ogr2ogr', '-f', 'GPKG', gpkg, f"PG:host={sock} user=lifecircle dbname=lifecircle", 'race', '-nln', 'grid', '-q'], check=True)
    again = started.pop(); again.terminate(); again.wait()
    start(binary, 'up', '--data-dir', work + '/data', '--listen', f'127.0.0.1:{ours}', '--collection', gpkg)
    for _ in range(600):
        try:
            if get(ours, '/ogc/collections/grid')[0] == 200: break
        except OSError: pass
        time.sleep(0.5)
    url = f'postgresql://lifecircle@/lifecircle?host={sock}'
    with open(work + '/fs.toml', 'w') as config:
        config.write(f'[Server]\nHttpHost = "127.0.0.1"\nHttpPort = {theirs}\n[Database]\nDbConnection = "{url}"\n[Paging]\nLimitMax = 10000\n')
    with open(work + '/ts.toml', 'w') as config:
        config.write(f'HttpHost = "127.0.0.1"\nHttpPort = {tiles}\nDbConnection = "{url}"\n')
    start(peers + '/pg_featureserv', '--config', work + '/fs.toml')
    start(peers + '/pg_tileserv', '--config', work + '/ts.toml')
    for p, path in ((theirs, '/collections.json'), (tiles, '/index.json')):
        for _ in range(100):
            try:
                if get(p, path)[0] == 200: break
            except OSError: pass
            time.sleep(0.2)
    f, t, o = Client(theirs), Client(tiles), Client(ours)
    def timed(client, path, n, **h):
        begin = time.perf_counter()
        for i in range(n):
            s, b, _ = client.get(path(i) if callable(path) else path, **h)
            assert s in (200, 304), (s, path, b[:300])
        return (time.perf_counter() - begin) / n
    def race(name, a, b, rounds=7):
        x, y = [], []
        for _ in range(rounds): x.append(a()); y.append(b())
        ratio = statistics.median(y) / statistics.median(x)
        print(f'{name:46} {statistics.median(x)*1e3:10.2f} ms {statistics.median(y)*1e3:10.2f} ms {ratio:8.2f}x', flush=True)
    print(f"{'':46} {'lifecircle':>13} {'peer':>13}")
    FS = '/collections/public.race/items.json'
    mine = json.loads(o.get('/ogc/collections/grid/items?limit=1000')[1])['features']; other = json.loads(f.get(FS + '?limit=1000&sortby=id')[1])['features']
    def key(x): return x['properties'].get('name')
    assert sorted(map(key, mine)) == sorted(map(key, other)) or len(mine) == len(other) == 1000, 'other features'
    assert len({len(json.dumps(x['geometry'])) // 500 for x in mine + other}) < 4
    race('items limit=1000', lambda: timed(o, '/ogc/collections/grid/items?limit=1000', 5), lambda: timed(f, FS + '?limit=1000', 5))
    deep = features - 2000
    at, path = 0, '/ogc/collections/grid/items?limit=10000'
    while at < deep // 10000 * 10000: # the cursor of a page far in
        path = next(l['href'] for l in json.loads(o.get(path)[1])['links'] if l['rel'] == 'next').split(str(ours), 1)[1]; at += 10000
    path = path.replace('limit=10000', 'limit=10')
    race('a page of 10, far in', lambda: timed(o, path, 10), lambda: timed(f, FS + f'?limit=10&offset={at}', 3))
    def memory(p): return int(next(l for l in open(f'/proc/{p.pid}/status') if l.startswith('VmHWM')).split()[1]) // 1024
    def export():
        begin = time.perf_counter(); s, b, _ = get(ours, '/layers/grid.geojson'); took = time.perf_counter() - begin
        assert b.count(b'"type":"Feature"') + b.count(b'"type": "Feature"') >= features; return took
    def pages():
        begin, n = time.perf_counter(), 0
        for offset in range(0, features, 10000): n += f.get(FS + f'?limit=10000&offset={offset}')[1].count(b'"type":"Feature"')
        assert n >= features, n; return time.perf_counter() - begin
    before = memory(started[0]); race(f'all {features} features as GeoJSON', export, pages, 3)
    print(f'  greatest memory of lifecircle: {before} MiB before, {memory(started[0])} MiB after')
    tag = o.get('/ogc/collections/grid/items?limit=1000')[2].getheader('ETag')
    race('the same page again (If-None-Match), own 200', lambda: timed(o, '/ogc/collections/grid/items?limit=1000', 200, **{'If-None-Match': tag}), lambda: timed(o, '/ogc/collections/grid/items?limit=1000', 5))
    import math
    def tile(z, lon, lat): n = 2 ** z; return int((lon + 180) / 360 * n), int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n)
    spots = [(118.1 + 2.8 * random.random(), 28.02 + features / 1000 * 0.003 * 0.9 * random.random()) for _ in range(400)]
    for z in (13, 14):
        used = iter(sorted({tile(z, *s) for s in spots}, key=lambda x: hash(x) % 997))
        some = [next(used) for _ in range(60)]
        for x, y in [some.pop() for _ in range(20)]: # every backend has begun to work
            timed(o, f'/ogc/collections/grid/tiles/WebMercatorQuad/{z}/{y}/{x}', 1); timed(t, f'/public.race/{z}/{x}/{y}.pbf', 1)
        fresh = list(some)
        def mine_cold():
            five = [fresh.pop() for _ in range(5)]; begin = time.perf_counter()
            for x, y in five: timed(o, f'/ogc/collections/grid/tiles/WebMercatorQuad/{z}/{y}/{x}', 1)
            mine_cold.last = five; return (time.perf_counter() - begin) / 5
        def their_cold():
            begin = time.perf_counter()
            for x, y in mine_cold.last: timed(t, f'/public.race/{z}/{x}/{y}.pbf', 1)
            return (time.perf_counter() - begin) / 5
        race(f'tile z{z}, cold', mine_cold, their_cold)
        x, y = mine_cold.last[0]
        race(f'tile z{z}, warm', lambda: timed(o, f'/ogc/collections/grid/tiles/WebMercatorQuad/{z}/{y}/{x}', 200), lambda: timed(t, f'/public.race/{z}/{x}/{y}.pbf', 10))
except BaseException:
    print(open(work + '/out').read()[-600:]); raise
finally:
    for p in reversed(started): p.terminate()
    for p in started: p.wait()
    shutil.rmtree(work, ignore_errors=True)
