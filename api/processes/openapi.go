package processes

import "github.com/lifecircle/lifecircle/planner/process"

type object = map[string]any

// Paths describes the routes for the OpenAPI document of the OGC API; of makes an operation with the usual answers.
func Paths(of func(id, summary string, parameters []object) object) object {
	limit := object{"name": "limit", "in": "query", "description": "how many", "required": false, "style": "form", "explode": false, "schema": object{"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}}
	var ids []string
	for _, p := range process.All {
		ids = append(ids, p.ID)
	}
	id := object{"name": "processId", "in": "path", "required": true, "description": "process", "schema": object{"type": "string", "enum": ids}}
	job := object{"name": "jobId", "in": "path", "required": true, "description": "job", "schema": object{"type": "string"}}
	execution := of("execute", "Execute a process", []object{id})
	op := execution["get"].(object)
	op["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": object{"type": "object", "properties": object{"inputs": object{"type": "object"}, "outputs": object{"type": "object"},
		"response": object{"type": "string", "enum": []string{"raw", "document"}}}}}}}
	answers := op["responses"].(object)
	answers["200"].(object)["content"] = object{"application/json": object{"schema": object{}}, "application/geo+json": object{"schema": object{"type": "object"}}}
	answers["201"] = object{"description": "a job was made: see Location", "content": object{"application/json": object{"schema": object{"type": "object"}}}}
	one, dismiss := of("getStatus", "A job", []object{job}), of("dismiss", "Dismiss a job", []object{job})
	one["delete"] = dismiss["get"]
	return object{
		"/processes": of("getProcesses", "The processes", []object{limit}), "/processes/{processId}": of("getProcessDescription", "A process", []object{id}),
		"/processes/{processId}/execution": object{"post": op},
		"/jobs":                            of("getJobs", "The jobs of whoever asks", []object{limit}), "/jobs/{jobId}": one, "/jobs/{jobId}/results": of("getResult", "What came out of a job", []object{job}),
	}
}
