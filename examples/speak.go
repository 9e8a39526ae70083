// Go 1.19 or newer, standard library only: go run speak.go "Salam, dünya!" salam.mp3
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

type answer struct {
	Data struct {
		ID     int64  `json:"id"`
		Status string `json:"status"`
	} `json:"data"`
	Error struct {
		Message string `json:"message"`
	} `json:"error"`
}

var client = http.Client{Timeout: 60 * time.Second}

// call sends body as JSON where there is one; the caller closes the response.
func call(path string, body any) (*http.Response, error) {
	url := os.Getenv("VOICEN_URL")
	if url == "" {
		url = "http://127.0.0.1:8000"
	}
	method, content := http.MethodGet, []byte(nil)
	if body != nil {
		method = http.MethodPost
		content, _ = json.Marshal(body)
	}
	request, err := http.NewRequest(method, url+"/api/v1"+path, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Token "+os.Getenv("VOICEN_ACCESS_TOKEN"))
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		defer response.Body.Close()
		var told answer
		if err := json.NewDecoder(response.Body).Decode(&told); err != nil {
			return nil, err
		}
		return nil, errors.New(told.Error.Message)
	}
	return response, nil
}

func job(path string, body any) (answer, error) {
	var told answer
	response, err := call(path, body)
	if err != nil {
		return told, err
	}
	defer response.Body.Close()
	return told, json.NewDecoder(response.Body).Decode(&told)
}

func speak(text, name string) error {
	told, err := job("/jobs/text/", map[string]string{"text": text, "lang": "az", "voice_id": "325640"})
	for err == nil && told.Data.Status != "ready" && told.Data.Status != "failed" {
		time.Sleep(500 * time.Millisecond)
		told, err = job(fmt.Sprintf("/jobs/%d/", told.Data.ID), nil)
	}
	if err != nil {
		return err
	}
	if told.Data.Status == "failed" {
		return fmt.Errorf("job %d failed", told.Data.ID)
	}
	audio, err := call(fmt.Sprintf("/jobs/%d/synthesize/", told.Data.ID), nil)
	if err != nil {
		return err
	}
	defer audio.Body.Close()
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	if _, err = io.Copy(file, audio.Body); err != nil {
		return err
	}
	return file.Close()
}

func main() {
	text, file := "Salam, dünya!", "speech.mp3"
	if len(os.Args) > 1 {
		text = os.Args[1]
	}
	if len(os.Args) > 2 {
		file = os.Args[2]
	}
	if err := speak(text, file); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(file)
}
