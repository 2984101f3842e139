// Package capacity says how far what facilities offer (beds, meals, staff) suffices for the people who can reach them:
// floating catchments (2SFCA, E2SFCA, 3SFCA, balanced), an assignment of people to facilities within their limits at
// least total time, and how many elders a coming year brings.
//
// Who reaches whom comes in as pairs of one facility after another (travel.Demand.Pairs); catchments keep no matrix.
package capacity
