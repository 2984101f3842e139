// Package siting answers where to build: p-median, maximal covering (MCLP),
// set covering (LSCP) and p-center, each with existing sites kept and, where
// asked, with capacities. It knows no map: costs come in as sparse lists from
// candidates to demand points.
//
// All five questions are one model with different numbers (model.go):
//
//	min  Σ f_j y_j + Σ c_ij x_ij + Σ u_i z_i
//	     Σ_j x_ij + z_i = 1,  x_ij ≤ y_j,  Σ y_j ≤ p,  Σ_i q_i x_ij ≤ Q_j
//
// p-median has f = 0 and u = ∞; maximal covering c = 0 and u the people; set
// covering c = 0, f = 1 and no p; p-center is set covering at one radius after
// another. So one relaxation bounds them all: the assignment rows are taken
// into the objective with multipliers λ_i, what is left falls apart by site,
// and every λ gives a proven bound (Cornuéjols, Fisher, Nemhauser 1977).
//
// Every answer carries its objective, a proven bound and the gap between them.
// Effort is counted in list entries read and not in seconds, ties go to the
// smallest index and chance is seeded: the same question has the same answer
// on every machine, unless a time limit cuts it, which the answer then says.
package siting
