package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/chromedp/chromedp"
)

// browserNames are the workloads that peers in a browser are asked for.
var browserNames = []string{
	"gemm-128x128x128", "gemm-256x256x256", "gemm-512x512x512", "gemm-256x512x512-tb", "gemm-512x512x256-ta", "gemm-100x784x512",
	"wgan-128", "wgan-512", "vae",
}

// inBrowser compares ours with each peer, each in a Chromium of its own, since a
// page in the background would be slowed.
func inBrowser(ctx context.Context, t table, peers string) error {
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir("core/internal/versus")))
	mux.Handle("/built/", http.StripPrefix("/built/", http.FileServer(http.Dir("assets/built"))))
	mux.Handle("/assets/", http.StripPrefix("/assets/", http.FileServer(http.Dir("assets"))))
	mux.Handle("/peers/", http.StripPrefix("/peers/", http.FileServer(http.Dir(peers))))
	server := httptest.NewServer(mux)
	defer server.Close()
	ours, err := openPage(ctx, server.URL, "ours")
	if err != nil {
		return err
	}
	defer ours.close()
	var there []contestant
	for _, name := range []string{"tfjs&stock", "tfjs", "jaxjs&stock", "jaxjs"} {
		p, err := openPage(ctx, server.URL, name)
		if err != nil {
			fmt.Printf("wasm: %s not measured: %v\n", name, err)
			continue
		}
		defer p.close()
		there = append(there, p)
	}
	for _, name := range browserNames {
		t.row("wasm", name, ours, there...)
	}
	return nil
}

// A page is a contestant in a browser.
type page struct {
	ctx   context.Context
	close func()
	url   string
	peer  string
}

func openPage(ctx context.Context, site, name string) (*page, error) {
	p := &page{url: site + "/page.html?peer=" + name}
	if err := p.open(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *page) open(parent context.Context) error {
	options := []chromedp.ExecAllocatorOption{chromedp.NoFirstRun, chromedp.NoSandbox, chromedp.Headless}
	for _, f := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync"} {
		options = append(options, chromedp.Flag(f, true))
	}
	ctx, end := chromedp.NewExecAllocator(parent, options...)
	ctx, closePage := chromedp.NewContext(ctx)
	p.ctx, p.close = ctx, func() { closePage(); end() }
	if err := chromedp.Do(ctx, chromedp.Navigate(p.url)); err != nil {
		p.close()
		return fmt.Errorf("%w: make bench installs Chromium", err)
	}
	peer, err := chromedp.Run(ctx, chromedp.Evaluate[string]("open_()", chromedp.EvalAwaitPromise))
	if err != nil {
		p.close()
		return err
	}
	p.peer = peer
	return nil
}

func (p *page) name() string { return p.peer }

func (p *page) rate(workload string, window time.Duration) (float64, error) {
	answer, err := chromedp.Run(p.ctx, chromedp.Evaluate[any](fmt.Sprintf("rate(%q, %v)", workload, window.Seconds()), chromedp.EvalAwaitPromise))
	if err != nil {
		return 0, err
	}
	switch v := answer.(type) {
	case float64:
		return v, nil
	case string:
		return 0, errors.New(v)
	}
	return 0, fmt.Errorf("%s answered %v", p.peer, answer)
}
