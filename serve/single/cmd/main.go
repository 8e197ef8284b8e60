// Command cmd writes the page in one file: go run ./serve/single/cmd ROOT FILE.
package main

import (
	"fmt"
	"os"

	"ganbel/core/data"
	"ganbel/serve/single"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "single takes the folder of index.html and the file to write")
		os.Exit(2)
	}
	page, err := single.Page(os.Args[1])
	if err == nil {
		err = data.WriteFile(os.Args[2], page)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "single:", err)
		os.Exit(1)
	}
	fmt.Printf("%s: %.1f MB\n", os.Args[2], float64(len(page))/1e6)
}
