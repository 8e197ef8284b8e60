// Command cmd bundles the page. "cmd ROOT" writes the scripts and style sheets of
// ROOT's page, each with all that it imports, into assets/built/page; "cmd ROOT
// FILE" writes the whole page into one file.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"ganbel/core/data"
	"ganbel/serve/single"
)

func main() {
	var err error
	switch len(os.Args) {
	case 2:
		err = bundles(os.Args[1])
	case 3:
		err = whole(os.Args[1], os.Args[2])
	default:
		fmt.Fprintln(os.Stderr, "single takes the folder of index.html, and for the page in one file that file")
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "single:", err)
		os.Exit(1)
	}
}

func bundles(root string) error {
	for _, name := range single.Bundles {
		b, err := single.Bundle(filepath.Join(root, "assets/page", name))
		if err != nil {
			return err
		}
		to := filepath.Join(root, "assets/built/page", name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := data.WriteFile(to, b); err != nil {
			return err
		}
	}
	return nil
}

func whole(root, file string) error {
	page, err := single.Page(root)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %.1f MB\n", file, float64(len(page))/1e6)
	return data.WriteFile(file, page)
}
