// Package transit adds buses and shuttles to walking: a plain table of stops, minutes and headways, no timetable of
// departures. One walks to a stop, waits a share of the headway, rides, and walks on; the number of boardings is bounded by
// the profile (travel.Rides).
//
// A Service answers as travel.Net.Nearest does: with a travel.Field in which the stops where people get on (toward a site) or
// off (away from it) stand as sites of their own, at the time that the ride costs, under the number of the site that they serve. All that reads
// fields, circles too, so works with it. Times are integer milliseconds and ties go to the smallest site id.
package transit
