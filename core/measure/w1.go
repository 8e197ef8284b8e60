package measure

import (
	"fmt"
	"math"
)

// W1 returns the exact 1-Wasserstein distance between two sets of equally many
// points of dim coordinates each: the mean length of the shortest assignment.
// It takes time n³ at worst. It returns NaN where a coordinate is not finite, and
// panics where the sets differ in size or are empty.
//
// For samples it lies above the distance of what they are samples of: two sets
// of 512 points of one distribution are not 0 apart.
func W1(a, b []float32, dim int) float64 { return new(Assignment).W1(a, b, dim) }

// An Assignment computes W1 again and again in the same memory: for n points n²
// numbers, after which it allocates nothing. Its zero value is ready.
type Assignment struct {
	cost         []float64
	price, dist  []float64 // dual of a column; from the free row to a column
	rowOf, colOf []int     // of a column, of a row; -1 for none
	from         []int     // row before a column on the path
	todo         []int     // of assign columns: done, then at the least distance, then the others; of bid free rows
}

// W1 is the function W1 in the memory of s.
func (s *Assignment) W1(a, b []float32, dim int) float64 {
	if len(a) != len(b) || len(a) == 0 || dim < 1 || len(a)%dim != 0 {
		panic(fmt.Sprintf("measure: W1 of %d and %d numbers in %d dimensions", len(a), len(b), dim))
	}
	n := len(a) / dim
	s.resize(n)
	all, most := 0., 0.
	for i := range n {
		row := s.cost[i*n : (i+1)*n]
		for j := range row {
			square := 0.
			for k := range dim {
				d := float64(a[i*dim+k]) - float64(b[j*dim+k])
				square += d * d
			}
			row[j] = math.Sqrt(square)
			all += row[j]
			most = max(most, row[j])
		}
	}
	if math.IsInf(all, 0) || math.IsNaN(all) {
		return math.NaN()
	}
	s.bid(n, most)
	s.assign(n)
	total := 0.
	for i, j := range s.colOf {
		total += s.cost[i*n+j]
	}
	return total / float64(n)
}

// Pairs returns of which point of b every point of a is the partner in the shortest
// assignment that W1 found last: the optimal coupling π. It is valid until the next
// W1, and means nothing where that returned NaN.
func (s *Assignment) Pairs() []int { return s.colOf }

func (s *Assignment) resize(n int) {
	if cap(s.cost) < n*n {
		*s = Assignment{
			cost: make([]float64, n*n), price: make([]float64, n), dist: make([]float64, n),
			rowOf: make([]int, n), colOf: make([]int, n), from: make([]int, n), todo: make([]int, n),
		}
	}
	s.cost, s.price, s.dist = s.cost[:n*n], s.price[:n], s.dist[:n]
	s.rowOf, s.colOf, s.from, s.todo = s.rowOf[:n], s.colOf[:n], s.from[:n], s.todo[:n]
}

// An auction has auctionRounds rounds. The first bids a part of the largest cost, each
// other a quarter of the one before.
const auctionRounds, auctionBid = 9, .1

// bid finds prices near those of the least sum of costs, so that assign has short paths:
// from a bad start, such as with all points of one set in one place, it takes up to ten
// times as long. It is Bertsekas' auction (1988): each row in turn takes its cheapest
// column from the row that has it, and bids until that column is no cheaper than the
// next, and a little more.
func (s *Assignment) bid(n int, most float64) {
	cost, price, rowOf, free := s.cost, s.price, s.rowOf, s.todo
	clear(price)
	for e, round := auctionBid*most, 0; n > 1 && e > 0 && round < auctionRounds; e, round = e/4, round+1 {
		for i := range n {
			rowOf[i], free[i] = -1, i
		}
		for left := n; left > 0; {
			i := free[left-1]
			at, least, second := cheapest(cost[i*n:(i+1)*n], price)
			price[at] -= second - least + e
			if other := rowOf[at]; other >= 0 {
				free[left-1] = other
			} else {
				left--
			}
			rowOf[at] = i
		}
	}
}

// cheapest returns the column of the least cost less price, that difference, and the
// second least.
func cheapest(row, price []float64) (at int, least, second float64) {
	least, second = math.Inf(1), math.Inf(1)
	price = price[:len(row)]
	for j, c := range row {
		if d := c - price[j]; d < second {
			if d < least {
				at, least, second = j, d, least
			} else {
				second = d
			}
		}
	}
	return at, least, second
}

// assign finds for every row the column that makes the sum of costs least, from any
// prices: each row takes its cheapest column if that is free, and shortest augmenting
// paths place the others (Jonker and Volgenant, 1987).
func (s *Assignment) assign(n int) {
	cost, price, dist := s.cost, s.price, s.dist
	rowOf, colOf, from, todo := s.rowOf, s.colOf, s.from, s.todo
	for i := range n {
		rowOf[i], colOf[i] = -1, -1
	}
	for i := range n {
		if at, _, _ := cheapest(cost[i*n:(i+1)*n], price); rowOf[at] < 0 {
			rowOf[at], colOf[i] = i, at
		}
	}
	for free := range n {
		if colOf[free] >= 0 {
			continue
		}
		for j := range n {
			dist[j], from[j], todo[j] = cost[free*n+j]-price[j], free, j
		}
		done, front, end := 0, 0, -1 // todo[:done] are settled, todo[done:front] have distance least
		least := 0.
		for end < 0 {
			if done == front {
				least = dist[todo[front]]
				for k := front; k < n; k++ {
					j := todo[k]
					if d := dist[j]; d <= least {
						if d < least {
							least, front = d, done
						}
						todo[k], todo[front] = todo[front], j
						front++
					}
				}
				for _, j := range todo[done:front] {
					if rowOf[j] < 0 {
						end = j
						break
					}
				}
				if end >= 0 {
					break
				}
			}
			j := todo[done]
			done++
			i := rowOf[j]
			slack := cost[i*n+j] - price[j] - least
			row := cost[i*n : (i+1)*n]
			for k := front; k < n; k++ {
				j := todo[k]
				d := row[j] - price[j] - slack
				if d >= dist[j] {
					continue
				}
				dist[j], from[j] = d, i
				if d > least {
					continue
				}
				if rowOf[j] < 0 {
					end = j
					break
				}
				todo[k], todo[front] = todo[front], j
				front++
			}
		}
		for _, j := range todo[:done] {
			price[j] += dist[j] - least
		}
		for j := end; ; {
			i := from[j]
			rowOf[j] = i
			colOf[i], j = j, colOf[i]
			if i == free {
				break
			}
		}
	}
}
