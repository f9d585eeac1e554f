package io.engram.client.node;

import io.engram.inference.engine.Backend;
import io.engram.inference.engine.EngineOptions;

/**
 * How a node runs models. Nothing here changes a result.
 *
 * @param ahead whether inferences of pooled transactions are computed before a block asks for them
 * @param sync where the results of sealed blocks come from
 */
public record InferenceSettings(Backend backend, EngineOptions engine, boolean ahead, SyncInference sync) {

    /** With default memory, and only when asked for. */
    public static InferenceSettings of(Backend backend) {
        return new InferenceSettings(backend, EngineOptions.DEFAULT, false, SyncInference.VERIFY);
    }

    public InferenceSettings withoutAhead() {
        return new InferenceSettings(backend, engine, false, sync);
    }

    public InferenceSettings withSync(SyncInference source) {
        return new InferenceSettings(backend, engine, ahead, source);
    }
}
