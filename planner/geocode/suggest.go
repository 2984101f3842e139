package geocode

type sound struct{}

func (g *Gazetteer) listen() {}
