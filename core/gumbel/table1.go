package gumbel

// Table1Estimators are the columns of Table 1 by the names of Estimators, in its
// order. The paper does not say which baseline its score function has; NVIL's is
// what its section 3.2 points to.
var Table1Estimators = []string{"nvil", "darn", "muprop", "straight-through", "slope-annealed", "gumbel-softmax", "st-gumbel-softmax"}

// Table1Names are the columns as the paper heads them.
var Table1Names = []string{"SF", "DARN", "MuProp", "ST", "Annealed ST", "Gumbel-S.", "ST Gumbel-S."}

// Table1 are the rows of Table 1: on MNIST's test digits, in nats, -log p(lower|upper)
// of structured output prediction and the negative variational bound of VAEs.
var Table1 = []struct {
	Name string // as the paper has it
	SOP  bool   // or a VAE
	Bits bool   // 200 of them, or 20×10 classes
	Nats [7]float64
}{
	{"SBN (Bern.)", true, true, [7]float64{72.0, 59.7, 58.9, 58.9, 58.7, 58.5, 59.3}},
	{"SBN (Cat.)", true, false, [7]float64{73.1, 67.9, 63.0, 61.8, 61.1, 59.0, 59.7}},
	{"VAE (Bern.)", false, true, [7]float64{112.2, 110.9, 109.7, 116.0, 111.5, 105.0, 111.5}},
	{"VAE (Cat.)", false, false, [7]float64{110.6, 128.8, 107.0, 110.9, 107.8, 101.5, 107.8}},
}

// Table1Of returns what Table 1 reports of an estimator, and whether it does.
func Table1Of(sop, bits bool, estimator string) (nats float64, ok bool) {
	for _, row := range Table1 {
		for i, name := range Table1Estimators {
			if row.SOP == sop && row.Bits == bits && name == estimator {
				return row.Nats[i], true
			}
		}
	}
	return 0, false
}
