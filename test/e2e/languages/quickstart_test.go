// Takes the program beside it through its life with Pulumi's Automation API, and prints what changed.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
)

func TestMain(*testing.M) {
	ran, err := live(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(ran); err != nil {
		log.Fatal(err)
	}
}

type step [2]any

func live(ctx context.Context) (map[string]any, error) {
	stack, err := auto.UpsertStackInlineSource(ctx, "dev", "quickstart", quickstart)
	if err != nil {
		return nil, err
	}
	up, err := stack.Up(ctx)
	if err != nil {
		return nil, err
	}
	preview, err := stack.Preview(ctx)
	if err != nil {
		return nil, err
	}
	refresh, err := stack.Refresh(ctx)
	if err != nil {
		return nil, err
	}
	destroy, err := stack.Destroy(ctx)
	if err != nil {
		return nil, err
	}
	outputs := map[string]any{}
	for name, output := range up.Outputs {
		outputs[name] = output.Value
	}
	steps := []step{
		{"up", up.Summary.ResourceChanges},
		{"preview", preview.ChangeSummary},
		{"refresh", refresh.Summary.ResourceChanges},
		{"destroy", destroy.Summary.ResourceChanges},
	}
	return map[string]any{"steps": steps, "outputs": outputs}, nil
}
