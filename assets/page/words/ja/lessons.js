// Sentences of the lessons, by their English.
export const lessons = {
  "What a critic draws": "クリティックが描くもの",
  "The fakes stand still here. Only the critic D learns: score real points high and fakes low.":
    "ここでは偽物は動きません。学ぶのはクリティック D だけ：本物に高く、偽物に低く点をつけます。",
  "What will its contour lines do at the real points?":
    "本物の点のまわりで等高線はどうなる？",
  "Ring them, like summits": "頂上のように取り囲む",
  "Run straight past them": "まっすぐ通り過ぎる",
  "Stay as they are": "変わらない",
  "Each cluster of real points became a summit of D, with slopes that lead there.":
    "本物のかたまりがそれぞれ D の頂上になり、斜面がそこへ向かいます。",
  "The critic's estimate is mean D(real) − mean D(fake). What does it approach?":
    "クリティックの推定は D(本物) の平均 − D(偽物) の平均。何に近づく？",
  "Look at the chart “Distance”.": "グラフ「距離」を見てください。",
  "The exact distance W₁": "厳密な距離 W₁",
  "Zero": "0",
  "Infinity": "無限大",
  "A critic with slope 1 measures the Wasserstein distance: how far the fakes must travel.":
    "傾き 1 のクリティックは Wasserstein 距離、つまり偽物が動くべき道のりを測ります。",
  "A critic without a rule": "制約のないクリティック",
  "Now nothing holds the critic's slope.": "今度はクリティックの傾きを抑えるものがありません。",
  "What will happen to the gradient norm ‖∇D‖?":
    "勾配ノルム ‖∇D‖ はどうなる？",
  "It grows without end": "どこまでも大きくなる",
  "It settles near 1": "1 の近くに落ち着く",
  "It falls to 0": "0 になる",
  "The loss rewards any gap, so D stretches it for ever. Its number no longer measures anything.":
    "損失は差が大きいほど良いので、D は際限なく差を広げます。値はもう何も測っていません。",
  "Clipping or penalty": "クリッピングかペナルティか",
  "Two critics, same data, same noise. A pays a gradient penalty, B has its weights clipped.":
    "データも乱数も同じ 2 つのクリティック。A は勾配ペナルティ、B は重みのクリッピング。",
  "Which one draws the finer surface?": "細かい曲面を描くのはどちら？",
  "A, the penalty": "A：ペナルティ",
  "B, the clipping": "B：クリッピング",
  "Both alike": "どちらも同じ",
  "Clipping pushes the weights to ±c, as the chart “Critic's weights” shows, and leaves too simple a surface. The penalty follows the data.":
    "クリッピングは、グラフ「クリティックの重み」が示すように重みを ±c に追いやり、単純すぎる曲面になります。ペナルティはデータに沿います。",
  "Where the penalty lives": "ペナルティはどこで効くか",
  "The penalty looks at one point on each line between a real and a fake one: the dots.":
    "ペナルティが見るのは、本物と偽物を結ぶ線上の 1 点ずつ（図の点）です。",
  "A has λ = 10, B has λ = 0.01. Whose dots will have slopes near 1?":
    "A は λ = 10、B は λ = 0.01。傾きが 1 に近いのはどちらの点？",
  "A, with λ = 10": "A：λ = 10",
  "B, with λ = 0.01": "B：λ = 0.01",
  "Both": "両方",
  "A strong penalty holds the slope to 1 along the lines; a weak one lets it wander.":
    "強いペナルティは線に沿って傾きを 1 に保ち、弱いと傾きはばらつきます。",
  "How many critic steps?": "クリティックを何回更新するか",
  "The arrows are ∇D at the fakes: where each one is sent. A makes 5 critic steps for each of the generator's, B one.":
    "矢印は偽物での ∇D、つまり進む向き。生成器 1 回につき、A はクリティックを 5 回、B は 1 回更新。",
  "After equally many iterations, whose fakes are nearer to the data?":
    "同じ反復回数のあと、データに近いのはどちらの偽物？",
  "A, five critic steps": "A：5 回",
  "B, one critic step": "B：1 回",
  "A critic that is nearly done points the right way. Five steps cost more, and are worth it here.":
    "ほぼ学び終えたクリティックは正しい向きを指します。5 回は高くつきますが、その価値があります。",
  "Mode collapse": "モード崩壊",
  "This is an ordinary GAN: D says real or fake, with a logarithmic loss.":
    "これは普通の GAN。D は対数損失で本物か偽物かを答えます。",
  "How many of the eight modes will it cover?":
    "8 個のモードのうち、いくつを覆う？",
  "Fewer than all": "一部だけ",
  "All eight": "8 個すべて",
  "Nothing tells the fakes to spread: they crowd where D was fooled last, and run on together.":
    "偽物に広がれと言うものがないので、最後に D をだませた所へ集まり、一緒に動き回ります。",
  "The same networks, with a Wasserstein critic and a gradient penalty.":
    "同じネットワークで、Wasserstein のクリティックと勾配ペナルティを使うと。",
  "And now?": "今度は？",
  "Most or all modes": "ほとんど、または全部",
  "As before": "前と同じ",
  "A slope of 1 everywhere tells every fake where to go, even far away.":
    "どこでも傾きが 1 なら、遠くの偽物にも進む向きが伝わります。",
  "One sheet, many islands": "一枚の布と多くの島",
  "The generator bends one sheet of noise, drawn as a grid, onto 25 separate islands.":
    "生成器はノイズの一枚の布（格子）を、離れた 25 の島へ曲げます。",
  "How will it get from island to island?": "島から島へはどうやって渡る？",
  "Thin bridges: it cannot tear": "細い橋で：破れない",
  "It tears into 25 pieces": "25 枚に破れる",
  "It stays flat": "平らなまま",
  "A continuous map cannot tear. The few fakes between the modes are its bridges.":
    "連続な写像は破れません。モードの間のわずかな偽物がその橋です。",
  "A loss worth watching": "見る価値のある損失",
  "Convolutional networks learn to draw digits. The chart “Negative critic loss” shows how far the critic finds them from real ones.":
    "畳み込みネットワークが数字の描き方を学びます。グラフ「クリティックの損失（符号を反転）」は、クリティックから見た本物からの遠さです。",
  "After its first peak, as the digits get better, what will the curve do?":
    "最初の山のあと、数字が良くなるにつれて曲線は？",
  "Fall": "下がる",
  "Rise": "上がる",
  "Say nothing of it": "関係がない",
  "It falls while the digits get clearer, on held-out digits too. An ordinary GAN's loss tells nothing of the kind.":
    "数字がはっきりするにつれ、学習に使わない数字でも下がります。普通の GAN の損失からは、こうしたことはわかりません。",
  "Noise that chooses": "選ぶためのノイズ",
  "Add Gumbel noise to three logits, 2, 1 and 0, and take the largest.":
    "3 つのロジット 2、1、0 に Gumbel ノイズを足し、最大のものを選びます。",
  "How often does the first one win?": "1 番目が選ばれる割合は？",
  "67 %, its softmax": "67 %：softmax の値",
  "Always": "いつも",
  "A third": "3 分の 1",
  "The largest of logit + Gumbel noise is a fair draw from the softmax: the Gumbel-max trick.":
    "ロジット + Gumbel ノイズの最大は softmax からの正しい標本：Gumbel-max のしくみです。",
  "Bias against variance": "偏りと分散",
  "The argmax has no gradient, so a softmax at temperature τ stands in for it.":
    "argmax には勾配がないので、温度 τ の softmax で代用します。",
  "At a lower τ, what becomes of the gradient's variance?":
    "τ を下げると、勾配の分散は？",
  "It grows": "大きくなる",
  "It shrinks": "小さくなる",
  "It stays": "変わらない",
  "Now set τ to 0.1: the samples move to the corners, the bias falls and the variance rises.":
    "τ を 0.1 にしてみましょう。標本は角に寄り、偏りは減り、分散は増えます。",
  "Flip a code": "コードを入れ替える",
  "A digit becomes ten choices of ten, and is drawn again from these alone.":
    "数字は 10 通りの選択 10 個になり、それだけからもう一度描かれます。",
  "What will the decoder learn first?": "復号器が最初に学ぶのは？",
  "The mean digit, a blur": "平均的な、ぼやけた数字",
  "Sharp digits": "くっきりした数字",
  "Noise": "ノイズ",
  "First the blur, whose KL is small, then more and more of the code is used.":
    "まず KL の小さいぼやけた像、それから少しずつコードを使い始めます。",
  "Click a cell of the code: force one choice to another class.":
    "コードのマスをクリックして、1 つの選択を別のクラスに変えてください。",
  "What will change in the picture?": "絵はどう変わる？",
  "A part of the digit": "数字の一部",
  "All of it": "すべて",
  "Nothing": "何も",
  "Each choice has learned a trait, a stroke or a slant. Dead codes change nothing.":
    "選択はそれぞれ線や傾きといった特徴を学びました。死んだコードは何も変えません。",
};
