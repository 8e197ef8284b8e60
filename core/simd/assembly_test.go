package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A machine runs the text of an assembly function, instruction by instruction, so
// that a kernel is tested also where the processor lacks its instructions. It
// knows those of the column kernels.
type machine struct {
	t       *testing.T
	lines   []string
	labels  map[string]int
	params  map[string]int64 // by offset, such as "16(FP)"
	r       map[string]int64 // general registers
	v       map[string][]float32
	memory  []float32 // at address 0
	compare int64     // what the last arithmetic instruction gave
}

// function loads the text of a function of kernels_amd64.s.
func function(t *testing.T, name string) *machine {
	b, err := os.ReadFile("kernels_amd64.s")
	if err != nil {
		t.Fatal(err)
	}
	_, text, ok := strings.Cut(string(b), "\nTEXT ·"+name+"(SB)")
	if !ok {
		t.Fatalf("no function %s", name)
	}
	text, _, _ = strings.Cut(text, "\nTEXT ")
	m := &machine{t: t, labels: map[string]int{}, params: map[string]int64{}, r: map[string]int64{}, v: map[string][]float32{}}
	for _, l := range strings.Split(text, "\n")[1:] {
		l = strings.TrimSpace(l)
		if label, ok := strings.CutSuffix(l, ":"); ok {
			m.labels[label] = len(m.lines)
		} else if l != "" && !strings.HasPrefix(l, "//") {
			m.lines = append(m.lines, l)
		}
	}
	return m
}

var address = regexp.MustCompile(`^(-?\d*)\((\w+)\)(?:\((\w+)\*(\d)\))?$`)

// at returns the address of a memory operand, such as 64(AX)(CX*2).
func (m *machine) at(operand string) int64 {
	p := address.FindStringSubmatch(operand)
	if p == nil {
		m.t.Fatalf("%q is no memory", operand)
	}
	a := m.r[p[2]]
	if p[1] != "" {
		d, _ := strconv.ParseInt(p[1], 10, 64)
		a += d
	}
	if p[3] != "" {
		scale, _ := strconv.ParseInt(p[4], 10, 64)
		a += scale * m.r[p[3]]
	}
	return a
}

// integer returns the value of a general operand.
func (m *machine) integer(operand string) int64 {
	switch {
	case operand[0] == '$':
		n, err := strconv.ParseInt(operand[1:], 0, 64)
		if err != nil {
			m.t.Fatal(err)
		}
		return n
	case strings.Contains(operand, "+"): // name+offset(FP)
		return m.params[operand[strings.Index(operand, "+")+1:]]
	}
	return m.r[operand]
}

// vector returns the value of a vector operand as wide as the register like.
func (m *machine) vector(operand, like string) []float32 {
	n := map[byte]int{'Y': 8, 'Z': 16}[like[0]]
	if strings.Contains(operand, "(") {
		a := m.at(operand)
		if a%4 != 0 || a < 0 || a/4+int64(n) > int64(len(m.memory)) {
			m.t.Fatalf("%s reads or writes %d floats at %d of %d", operand, n, a/4, len(m.memory))
		}
		return m.memory[a/4:][:n]
	}
	if m.v[operand] == nil {
		m.v[operand] = make([]float32, n)
	}
	return m.v[operand]
}

func (m *machine) run() {
	for pc := 0; ; pc++ {
		name, rest, _ := strings.Cut(m.lines[pc], " ")
		var o []string
		for _, f := range strings.Split(rest, ",") {
			o = append(o, strings.TrimSpace(f))
		}
		last := o[len(o)-1]
		jump := false
		switch name {
		case "MOVQ", "MOVB":
			m.r[last] = m.integer(o[0])
		case "LEAQ":
			m.r[last] = m.at(o[0])
		case "ADDQ":
			m.r[last] += m.integer(o[0])
			m.compare = m.r[last]
		case "SUBQ":
			m.r[last] -= m.integer(o[0])
			m.compare = m.r[last]
		case "DECQ":
			m.r[last]--
			m.compare = m.r[last]
		case "TESTB":
			m.compare = m.r[o[0]] & m.r[o[1]]
		case "JL":
			jump = m.compare < 0
		case "JGE":
			jump = m.compare >= 0
		case "JZ":
			jump = m.compare == 0
		case "JNZ":
			jump = m.compare != 0
		case "VPXORD", "VXORPS":
			if o[0] != o[1] || o[1] != o[2] {
				m.t.Fatalf("%s of other than one register", name)
			}
			clear(m.vector(last, last))
		case "VMOVUPS":
			like := o[0]
			if strings.Contains(like, "(") {
				like = last
			}
			copy(m.vector(last, like), m.vector(o[0], like))
		case "VBROADCASTSS":
			x := m.memory[m.at(o[0])/4]
			for i := range m.vector(last, last) {
				m.v[last][i] = x
			}
		case "VFMADD231PS":
			a, b, d := m.vector(o[0], last), m.vector(o[1], last), m.vector(last, last)
			for i := range d {
				d[i] = float32(math.FMA(float64(a[i]), float64(b[i]), float64(d[i])))
			}
		case "VADDPS":
			a, b, d := m.vector(o[0], last), m.vector(o[1], last), m.vector(last, last)
			for i := range d {
				d[i] = a[i] + b[i]
			}
		case "VZEROUPPER":
		case "RET":
			return
		default:
			m.t.Fatalf("the machine does not know %s", m.lines[pc])
		}
		if jump {
			at, ok := m.labels[last]
			if !ok {
				m.t.Fatalf("no label %s", last)
			}
			pc = at - 1
		}
	}
}

// TestColumns holds the text of both column kernels to what they compute.
func TestColumns(t *testing.T) {
	for _, c := range []struct {
		name       string
		rows, cols int
	}{{"columnAVX2", 6, 16}, {"columnAVX512", 12, 32}} {
		m := function(t, c.name)
		r := rand.New(rand.NewPCG(3, 3))
		for _, k := range []int{1, 2, 3, 8} {
			for _, tiles := range []int{1, 3} {
				for _, more := range []int64{0, 1} {
					rows, ldb, ldc, lane := tiles*c.rows, c.cols+3, c.cols+5, k+2
					a, b := 0, rows*lane // places in memory; op(a) is row by row
					to := b + k*ldb
					m.memory = make([]float32, to+rows*ldc)
					for i := range m.memory {
						m.memory[i] = r.Float32() - .5
					}
					was := append([]float32(nil), m.memory...)
					for i, v := range []int{tiles, k, 4 * a, 4 * c.rows * lane, 4, 4 * lane, 4 * b, 4 * ldb, 4 * to, 4 * ldc} {
						m.params[fmt.Sprintf("%d(FP)", 8*i)] = int64(v)
					}
					m.params["80(FP)"] = more
					m.run()
					for i, got := range m.memory {
						want := float64(was[i])
						if at := i - to; at >= 0 && at%ldc < c.cols {
							want *= float64(more)
							for l := range k {
								want += float64(was[a+at/ldc*lane+l]) * float64(was[b+l*ldb+at%ldc])
							}
						}
						if math.Abs(float64(got)-want) > 1e-6 {
							t.Fatalf("%s, %d tiles, k = %d, more %d: float %d (c at %d) is %g, want %g", c.name, tiles, k, more, i, to, got, want)
						}
					}
				}
			}
		}
	}
}
