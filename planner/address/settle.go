package address

// settle resolves what is said twice: a division named again is no further
// element, and of two the later stays unless it is only a shorter repetition.
func settle(e []Element) []Element {
	for _, level := range []Level{Province, Prefecture, County} {
		kept := -1
		for i := range e {
			if e[i].Level != level {
				continue
			}
			switch {
			case kept < 0:
				kept = i
			case len(e[i].Text) < len(e[kept].Text):
				e[i].Level = Rest
			default:
				e[kept].Level = Rest
				kept = i
			}
		}
	}
	return e
}
