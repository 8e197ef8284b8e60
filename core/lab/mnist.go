package lab

import "ganbel/core/wgan"

// WGANMNIST is the authors' MNIST GAN, and figure 5(b).
var WGANMNIST = &Experiment{
	Name:     "wgan-mnist",
	Title:    "WGAN-GP on MNIST",
	Doc:      "Convolutional networks generate digits; the critic's loss falls as they get better.",
	Settings: imageSettings("64", "0.5", "0.0001", "50", "5"),
	Presets: []Preset{
		{Name: "live", Title: "Live", Doc: "Small networks: digits within minutes in a browser.",
			Values: mnistLive},
		{Name: "clip", Title: "Clipped weights", Doc: "The live size with clipped weights.",
			Values: merge(mnistLive, clipMethod)},
		{Name: "paper", Title: "Paper", Doc: "The authors' script: width 64, batch 50, 200,000 iterations.", Values: Values{}},
		{Name: "overfit", Title: "Figure 5(b)", Doc: "The paper's networks on 1000 digits: the critic's losses on training and held-out digits part.",
			Values: Values{"examples": "1000", "held-out": "20"}},
		{Name: "overfit-clip", Title: "Figure 5(b), clipped", Doc: "The same with clipped weights.",
			Values: merge(clipMethod, Values{"examples": "1000", "held-out": "20"})},
		{Name: "overfit-live", Title: "Figure 5(b), small", Doc: "Figure 5(b) with networks of an eighth of the channels.",
			Values: Values{"examples": "1000", "held-out": "20", "width": "8", "learning-rate": "0.001"}},
	},
	Metrics: imageMetrics,
}

var mnistLive = Values{"width": "8", "batch": "32", "learning-rate": "0.001", "n-critic": "3", "held-out": "2"}

func init() { WGANMNIST.New = newMNIST }

func newMNIST(v Values, w World) (Run, error) {
	train, test, err := w.digits("wgan-mnist")
	if err != nil {
		return nil, err
	}
	return newPictures(WGANMNIST, v, w, train, test, wgan.Pictures{Unit: true}, wgan.MNIST(v.Int("width"), v.method()), nil)
}
