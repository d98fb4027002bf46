// Package judge sends requests to the service in a process of its own and compares the answers with what the instructions promise.
package judge

import (
	"fmt"
	"strings"
	"testing"
)

const asJSON = "application/json"

func post(body string) request {
	return request{Method: "POST", Path: "/todos", Type: asJSON, Body: body}
}

func patch(path, body string, match ...string) request {
	return request{Method: "PATCH", Path: path, Type: asJSON, Body: body, Match: match}
}

func get(path string) request { return request{Method: "GET", Path: path} }

func remove(path string, match ...string) request {
	return request{Method: "DELETE", Path: path, Match: match}
}

func later(seconds int64, r request) request {
	r.Wait = seconds
	return r
}

// fails checks an error: its status, its media type, and that it says something.
func fails(t *testing.T, got answer, status int) {
	t.Helper()
	expect(t, got, status, `{}`)
	header(t, got, "Content-Type", asJSON)
	body, _ := got.Body.(map[string]any)
	if text, _ := body["error"].(string); text == "" {
		t.Errorf("status %d: the body says no error: %q", got.Status, got.Text)
	}
}

// shownIDs are the ids in an answer to GET /todos.
func shownIDs(got answer) string {
	body, _ := got.Body.(map[string]any)
	list, _ := body["todos"].([]any)
	ids := []any{}
	for _, one := range list {
		fields, _ := one.(map[string]any)
		ids = append(ids, fields["id"])
	}
	return fmt.Sprint(ids...)
}

func TestCreatesATodo(t *testing.T) {
	got := send(t, later(1, post(`{"title": "  Buy <milk> & Brötchen\n"}`)), get("/todos/1"),
		later(1, post(`{"title": "b", "due": "2030-05-01T09:30:00+02:00"}`)), post(`{"due": null, "title": "c"}`))
	made := `{"id": 1, "title": "Buy <milk> & Brötchen", "done": false, "due": null, "completed_at": null,
		"created_at": "2030-01-01T00:00:01Z", "updated_at": "2030-01-01T00:00:01Z", "version": 1}`
	expect(t, got[0], 201, made)
	header(t, got[0], "Location", "/todos/1")
	header(t, got[0], "ETag", `"1"`)
	header(t, got[0], "Content-Type", asJSON)
	expect(t, got[1], 200, made)
	header(t, got[1], "ETag", `"1"`)
	expect(t, got[2], 201, `{"id": 2, "due": "2030-05-01T07:30:00Z", "created_at": "2030-01-01T00:00:02Z"}`)
	expect(t, got[3], 201, `{"id": 3, "due": null}`)
}

func TestChecksTheFieldsOfATodo(t *testing.T) {
	long := strings.Repeat("ü", 100)
	got := send(t, post(`{"title": "`+long+` "}`), post(`{"title": "`+long+`x"}`), post(`{"title": " \t"}`), post(`{}`),
		post(`{"title": 5}`), post(`{"title": null, "due": "soon"}`), post(`{"title": "a", "due": "2030-02-30T00:00:00Z"}`),
		post(`{"title": "a", "due": 5}`), patch("/todos/1", `{"due": 1, "done": null}`), patch("/todos/1", `{"done": "yes"}`),
		patch("/todos/1", `{"title": ""}`), get("/todos"))
	expect(t, got[0], 201, `{"title": "`+long+`"}`)
	for i, field := range []string{"title", "title", "title", "title", "title", "due", "due", "done", "done", "title"} {
		fails(t, got[i+1], 422)
		expect(t, got[i+1], 422, `{"field": "`+field+`"}`)
	}
	if ids := shownIDs(got[11]); ids != "1" {
		t.Errorf("refused todos are listed: %s", ids)
	}
}

func TestRejectsBodiesThatAreNotOneObject(t *testing.T) {
	bodies := []string{"", "{", `{"title": "a"} x`, `{"title": "a"}{"title": "b"}`, `[]`, `null`, `"a"`, `{"title": "a", "done": true}`,
		`{"title": 5, "colour": "red"}`, `{"id": 7, "title": "a"}`}
	requests := []request{}
	for _, body := range bodies {
		requests = append(requests, post(body))
	}
	got := send(t, append(requests, get("/todos"))...)
	for i := range bodies {
		fails(t, got[i], 400)
	}
	expect(t, got[len(bodies)], 200, `{"todos": [], "next": null}`)
}

func TestChecksMediaTypeAndSize(t *testing.T) {
	fits := `{"title": "a"}` + strings.Repeat(" ", 65536-14)
	plain, none, charset := post(`{"title": "a"}`), post(`{"title": "a"}`), post(`{"title": "a"}`)
	plain.Type, none.Type, charset.Type = "text/plain", "", "Application/JSON; charset=utf-8"
	broken := patch("/todos/9", "{")
	broken.Type = "application/jsonp"
	got := send(t, plain, none, charset, broken, post(fits), post(fits+" "), post(strings.Repeat("x", 70000)))
	fails(t, got[0], 415)
	fails(t, got[1], 415)
	expect(t, got[2], 201, `{"id": 1}`)
	fails(t, got[3], 415)
	expect(t, got[4], 201, `{"id": 2}`)
	fails(t, got[5], 413)
	fails(t, got[6], 413)
}

func TestListsAndFilters(t *testing.T) {
	got := send(t, get("/todos"), post(`{"title": "a"}`), post(`{"title": "b"}`), post(`{"title": "c"}`),
		patch("/todos/2", `{"done": true}`), get("/todos"), get("/todos?done=true"), get("/todos?done=false"),
		get("/todos?done=maybe"), get("/todos?done="))
	expect(t, got[0], 200, `{"todos": [], "next": null}`)
	for i, ids := range map[int]string{5: "1 2 3", 6: "2", 7: "1 3"} {
		expect(t, got[i], 200, `{"next": null}`)
		if shown := shownIDs(got[i]); shown != ids {
			t.Errorf("shown %s, promised %s", shown, ids)
		}
	}
	fails(t, got[8], 400)
	fails(t, got[9], 400)
}

func TestPagesThroughTheList(t *testing.T) {
	requests := []request{}
	for i := 0; i < 25; i++ {
		requests = append(requests, post(`{"title": "a"}`))
	}
	requests = append(requests, patch("/todos/25", `{"done": true}`), remove("/todos/3"))
	pages := []struct{ query, ids, next string }{
		{"", "1 2 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21", "21"},
		{"?after=21", "22 23 24 25", "null"},
		{"?limit=2", "1 2", "2"},
		{"?limit=2&after=2", "4 5", "5"},
		{"?after=22&limit=3", "23 24 25", "null"},
		{"?after=22&limit=2&done=false", "23 24", "null"},
		{"?after=20&limit=3&done=false", "21 22 23", "23"},
		{"?after=100", "", "null"},
	}
	for _, page := range pages {
		requests = append(requests, get("/todos"+page.query))
	}
	bad := []string{"limit=0", "limit=101", "limit=x", "after=-1", "after=", "limit=1.5"}
	for _, query := range bad {
		requests = append(requests, get("/todos?"+query))
	}
	got := send(t, requests...)[27:]
	for i, page := range pages {
		expect(t, got[i], 200, `{"next": `+page.next+`}`)
		if shown := shownIDs(got[i]); shown != page.ids {
			t.Errorf("%q: shown %s, promised %s", page.query, shown, page.ids)
		}
	}
	for i := range bad {
		fails(t, got[len(pages)+i], 400)
	}
}

func TestPatchMergesFields(t *testing.T) {
	got := send(t, post(`{"title": "a", "due": "2030-05-01T00:00:00Z"}`), later(2, patch("/todos/1", `{"title": " b "}`)),
		later(2, patch("/todos/1", `{"due": null}`)), later(2, patch("/todos/1", `{"done": true, "due": "2031-01-01T00:30:00+01:00"}`)),
		later(2, patch("/todos/1", `{"title": "c", "due": "tomorrow"}`)), get("/todos/1"))
	expect(t, got[1], 200, `{"title": "b", "due": "2030-05-01T00:00:00Z", "version": 2, "created_at": "2030-01-01T00:00:00Z",
		"updated_at": "2030-01-01T00:00:02Z"}`)
	header(t, got[1], "ETag", `"2"`)
	expect(t, got[2], 200, `{"title": "b", "due": null, "version": 3}`)
	last := `{"title": "b", "done": true, "due": "2030-12-31T23:30:00Z", "version": 4, "updated_at": "2030-01-01T00:00:06Z"}`
	expect(t, got[3], 200, last)
	fails(t, got[4], 422)
	expect(t, got[5], 200, last)
}

func TestCompletionFollowsDone(t *testing.T) {
	got := send(t, post(`{"title": "a"}`), later(1, patch("/todos/1", `{"done": true}`)),
		later(1, patch("/todos/1", `{"done": true, "title": "b"}`)), later(1, patch("/todos/1", `{"done": false}`)),
		later(1, patch("/todos/1", `{"done": true}`)))
	for i, at := range []string{`null`, `"2030-01-01T00:00:01Z"`, `"2030-01-01T00:00:01Z"`, `null`, `"2030-01-01T00:00:04Z"`} {
		expect(t, got[i], []int{201, 200, 200, 200, 200}[i], `{"completed_at": `+at+`}`)
	}
}

func TestPatchWithoutChangeKeepsTheVersion(t *testing.T) {
	got := send(t, post(`{"title": "a", "due": "2030-05-01T02:00:00+02:00"}`), later(5, patch("/todos/1", `{}`)),
		patch("/todos/1", `{"title": " a", "done": false, "due": "2030-05-01T00:00:00Z"}`), patch("/todos/1", `{"done": true}`))
	same := `{"version": 1, "updated_at": "2030-01-01T00:00:00Z"}`
	expect(t, got[1], 200, same)
	expect(t, got[2], 200, same)
	header(t, got[2], "ETag", `"1"`)
	expect(t, got[3], 200, `{"version": 2, "updated_at": "2030-01-01T00:00:05Z"}`)
}

func TestIfMatchGuardsChanges(t *testing.T) {
	got := send(t, post(`{"title": "a"}`), patch("/todos/1", `{"title": "b"}`, `"1"`), patch("/todos/1", `{"title": "c"}`, `"1"`),
		patch("/todos/1", `{"title": "d"}`, `"7", "2"`), patch("/todos/1", `{"title": "e"}`, `"9"`, `"3"`),
		patch("/todos/1", `{"title": "e"}`, `*`), patch("/todos/1", `{"title": "f"}`, `W/"4"`), patch("/todos/1", `{"title": "f"}`, `4`),
		remove("/todos/1", `"3"`), get("/todos/1"), remove("/todos/1", `"4"`), patch("/todos/1", `{}`, `*`))
	for i, status := range []int{201, 200, 412, 200, 200, 200, 412, 412, 412, 200, 204, 404} {
		if expect(t, got[i], status, `{}`); status >= 400 {
			fails(t, got[i], status)
		}
	}
	expect(t, got[9], 200, `{"title": "e", "version": 4}`)
}

func TestDeletedIDsAreNotUsedAgain(t *testing.T) {
	got := send(t, post(`{"title": "a"}`), post(`{"title": "b"}`), remove("/todos/2"), remove("/todos/2"), get("/todos/2"),
		post(`{"title": "c"}`), get("/todos"))
	expect(t, got[2], 204, `{}`)
	if got[2].Text != "" {
		t.Errorf("a 204 has the body %q", got[2].Text)
	}
	fails(t, got[3], 404)
	fails(t, got[4], 404)
	expect(t, got[5], 201, `{"id": 3}`)
	if ids := shownIDs(got[6]); ids != "1 3" {
		t.Errorf("shown %s", ids)
	}
}

func TestKnowsItsPathsAndMethods(t *testing.T) {
	paths := []string{"/", "/todos/", "/todos/x", "/todos/01", "/todos/+1", "/todos/0", "/todos/-1", "/todos/1/", "/todos/1/x",
		"/todo", "/todos/99999999999999999999"}
	requests := []request{post(`{"title": "a"}`)}
	for _, path := range paths {
		requests = append(requests, patch(path, `{"title": "b"}`))
	}
	got := send(t, append(requests, request{Method: "PUT", Path: "/todos/1"}, remove("/todos"))...)
	for i := range paths {
		fails(t, got[i+1], 404)
	}
	one, all := got[len(got)-2], got[len(got)-1]
	fails(t, one, 405)
	header(t, one, "Allow", "DELETE, GET, PATCH")
	fails(t, all, 405)
	header(t, all, "Allow", "GET, POST")
}

func TestConcurrentChangesWinOnce(t *testing.T) {
	creates, patches := step{}, step{}
	for i := 0; i < 40; i++ {
		creates = append(creates, post(`{"title": "a"}`))
		patches = append(patches, patch("/todos/1", fmt.Sprintf(`{"title": "%d"}`, i), `"1"`))
	}
	got := play(t, creates, patches, step{get("/todos/1")}, step{get("/todos?limit=100")})
	won := map[int]int{}
	for _, one := range got[1] {
		won[one.Status]++
	}
	if won[200] != 1 || won[412] != 39 {
		t.Errorf("status codes of forty patches for one version: %v", won)
	}
	expect(t, got[2][0], 200, `{"version": 2}`)
	ids := strings.Fields(shownIDs(got[3][0]))
	if len(ids) != 40 || ids[0] != "1" || ids[39] != "40" {
		t.Errorf("forty new todos have the ids %v", ids)
	}
}
