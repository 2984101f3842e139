// Package planner holds what Lifecircle knows: units, facilities, people,
// standards, coverage, gaps and runs. It is pure: values in, values out; no SQL,
// no HTTP, no files.
//
// Words (the same in code, API and screens):
//
//	unit        行政区划单元  province, prefecture, county, township, village, by 12-digit division code
//	facility    设施         a site with one or more services
//	population  人口         people of a unit by group and basis (resident, registered)
//	demand      需求点       where people are; integer people on points
//	circle      生活圈       area from which a facility is reached within T minutes
//	coverage    覆盖         people of a unit by class (walk, ride, …)
//	gap         缺口         what a standard lacks in a unit, with an identity that outlives runs
//	standard    标准         one checkable target of a plan
//	run         测算         an immutable, reproducible evaluation of one data version
//
// This root package is the vocabulary that every other package of ours may use;
// it imports none of its own subpackages.
package planner
