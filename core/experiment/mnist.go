package experiment

import (
	"errors"
	"fmt"

	"ganbel/core/data"
	"ganbel/core/lab"
	"ganbel/core/train"
	"ganbel/core/wgan"
)

// WGANMNIST is the authors' MNIST GAN, and figure 5(b).
var WGANMNIST = Register(&lab.Experiment{
	Rank:  20,
	Name:  "wgan-mnist",
	Title: "WGAN-GP on MNIST", PaperSet: data.PaperMNIST, TitleSet: "MNIST",
	Doc:      "Convolutional networks generate digits; the critic's loss falls as they get better.",
	Settings: imageSettings("64", "0.5", "0.0001", "50", "5"),
	Presets: []lab.Preset{
		{Name: "live", Title: "Live", Steps: 2500, Every: 50, Doc: "Small networks: digits within minutes in a browser.",
			Values: mnistLive},
		{Name: "clip", Title: "Clipped weights", Steps: 2500, Every: 50, Doc: "The live size with clipped weights, at ten times the usual rate of such: after as many steps hardly digits.",
			Values: lab.Merge(mnistLive, clipMethod, lab.Values{"learning-rate": "0.0005"})},
		{Name: "paper", Title: "Paper", Steps: 200_000, Every: 1000, Doc: "The authors' script: width 64, batch 50, 200,000 iterations.", Values: lab.Values{}},
		{Name: "overfit", Title: "Figure 5(b)", Steps: 20_000, Every: 100, Doc: "The paper's networks on 1000 digits: the critic's losses on training and held-out digits part.",
			Values: lab.Values{"examples": "1000", "held-out": "20"}},
		{Name: "overfit-clip", Title: "Figure 5(b), clipped", Steps: 20_000, Every: 100, Doc: "The same with clipped weights.",
			Values: lab.Merge(clipMethod, lab.Values{"examples": "1000", "held-out": "20"})},
		{Name: "overfit-live", Title: "Figure 5(b), small", Steps: 2500, Every: 50, Doc: "Figure 5(b) with networks of an eighth of the channels.",
			Values: lab.Values{"examples": "1000", "held-out": "20", "width": "8", "learning-rate": "0.001"}},
	},
	Metrics: imageMetrics,
	Notes:   []string{"Figure 5(b), on 1000 digits: by both methods the losses on training and validation digits part; with the penalty the first rises gradually while the second drops, for the critic overfits faster than the generator. The paper does not give its networks; these are those of the authors' MNIST script."},
	Actions: []lab.Action{{Name: "between", Doc: "Takes of (k), numbers of samples of the frame, and weights (n, k), n at most 100; returns images (n, 28, 28, 1) of Σ wz / ‖w‖, z of these samples, for each row w of weights."}},
}, openMNIST)

var mnistLive = lab.Values{"width": "8", "batch": "32", "learning-rate": "0.001", "n-critic": "3", "held-out": "2", "score-images": "100"}

func openMNIST(r *train.Run, w World) (train.Model, error) {
	train, test, err := w.MNIST()
	if err != nil {
		return nil, err
	}
	p, err := openPictures(r, w, train, test, wgan.Pictures{Unit: true}, wgan.MNIST(r.Int("width"), method(r)), nil)
	if err != nil {
		return nil, err
	}
	r.On("between", p.between)
	return p, nil
}

// between carries out WGANMNIST's action.
func (p *pictures) between(in map[string]data.Tensor) (map[string]data.Tensor, error) {
	of, weights := in["of"], in["weights"]
	k := len(of.Data)
	if k == 0 || len(of.Shape) != 1 || len(weights.Shape) != 2 || weights.Shape[1] != k || len(weights.Data) != weights.Shape[0]*k {
		return nil, fmt.Errorf("between: of has shape %v and weights %v: they must be (k) and (n, k)", of.Shape, weights.Shape)
	}
	if n := weights.Shape[0]; n < 1 || n > wgan.SampleBatch {
		return nil, fmt.Errorf("between: weights have %d rows: there must be 1 to %d", n, wgan.SampleBatch)
	}
	numbers := make([]int, k)
	for i, x := range of.Data {
		numbers[i] = int(x)
		if x != float32(numbers[i]) || x < 0 || x >= wgan.SampleBatch {
			return nil, fmt.Errorf("between: sample %v is asked for: there are 0 to %d", x, wgan.SampleBatch-1)
		}
	}
	for i := 0; i < len(weights.Data); i += k {
		sum := float32(0)
		for _, w := range weights.Data[i : i+k] {
			sum += w * w
		}
		if !(sum > 0) || sum*0 != 0 {
			return nil, errors.New("between: the weights of an image must be finite, and not all be 0")
		}
	}
	return map[string]data.Tensor{"images": p.images(p.Between(numbers, weights.Data))}, nil
}
