package program

import "ganbel/core/graph"

// Optional returns the names of the passes that can be left out.
func Optional() (names []string) {
	for _, p := range passes {
		if !p.needed {
			names = append(names, p.name)
		}
	}
	return names
}

// CompileWithout is Compile without some passes.
func CompileWithout(names []string, updates []graph.Update, outs ...*graph.Node) *Program {
	off := map[string]bool{}
	for _, n := range names {
		off[n] = true
	}
	return compile(off, updates, outs)
}
