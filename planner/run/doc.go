// Package run evaluates standards on one data version and publishes the result
// as an immutable run. It declares what it needs (ports.go); data satisfies it.
//
// The states of a run: queued → running → published | failed | canceled. A
// published run never changes; its digest covers inputs, standards, assumptions,
// engine version and results, so that the same inputs give the same digest.
package run
