// Package dem reads digital elevation models, so that streets know their slope:
// SRTM tiles (HGT, also zipped and gzipped) and GeoTIFF, in pure Go.
//
// A Model is one or several rasters that answer together: the finest that knows a
// place answers, another fills its voids and continues it over its edge. Heights
// are metres as the file counts them; whether above the ellipsoid or a geoid is
// not looked at, for a slope does not depend on it.
//
// Nothing is decoded before it is asked for. Decoded tiles and strips are kept in
// the type of the file, the least recently used are dropped beyond cacheBytes, so
// a province's 200 million cells need no more memory than a county's. No size that
// a header claims is believed before it fits the file.
//
// A raster has cells (column, row), row 0 first in the file, mostly the north. All
// positions within a raster are counted from cell centres: (0, 0) is the centre of
// the first cell, (-0.5, -0.5) its outer corner.
package dem
