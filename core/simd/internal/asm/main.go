// Command asm generates the amd64 kernels of package simd:
//
//	go generate ./core/simd
//
// Go's compiler spills on tiles larger than 4 rows by 2 vectors, checks bounds in
// every turn of a loop, and mixes SSE with AVX, which costs some processors a
// hundred cycles each time. Here every instruction is VEX or EVEX encoded, and
// VZEROUPPER ends what used AVX.
package main

import (
	"log"

	. "github.com/mmcloughlin/avo/build"
)

func main() {
	ConstraintExpr("amd64,!purego")
	column("columnAVX2", avx2)
	column("columnAVX512", avx512)
	transpose()
	copyRows()
	loops()
	functions()
	clean()
	if err := writeGo("loops_amd64.go"); err != nil {
		log.Fatal(err)
	}
	Generate()
}

// clean writes the end of what Go itself compiles to AVX.
func clean() {
	TEXT("zeroUpper", NOSPLIT, "func()")
	Doc("zeroUpper clears the upper halves of the vector registers, which while they are not make SSE slow on some processors. It needs AVX.")
	VZEROUPPER()
	RET()
}
