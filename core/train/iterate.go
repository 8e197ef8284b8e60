package train

import (
	"ganbel/core/graph"
	"ganbel/core/nn"
	"ganbel/core/program"
)

// Once runs a machine once. While a diverging step is traced, it returns the first operator
// that is not finite though its operands are, such as "Exp of encoder.0", and else "".
func (r *Run) Once(m program.Machine) string {
	if !r.tracing {
		m.Run()
	} else if n := m.Trace(); n != nil {
		return nn.Owner(n, r.owners)
	}
	return ""
}

// Descend runs a machine once that goes down a loss, (1, 1). It returns what is not
// finite: what Once does, else by its name the newest loss that has come, which a device
// may be some steps late with; or "".
func (r *Run) Descend(m program.Machine, loss *graph.Node, name string) string {
	if bad := r.Once(m); bad != "" {
		return bad
	}
	if run, v := m.Last(loss); run > 0 && v-v != 0 {
		return name
	}
	return ""
}

// Trace makes step, such as Iterate, slowly: it looks at the value of every operator, and
// returns the first that is not finite though its operands are, or "".
func (r *Run) Trace(step func() string) string {
	r.tracing = true
	defer func() { r.tracing = false }()
	return step()
}
