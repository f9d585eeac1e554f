package io.engram.inference.engine;

import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelPrice;

/** How fast a back end works off inference gas on this machine, from a few runs of the network of the self-test. */
public final class EngineSpeed {

    private static final int RUNS = 20;

    private EngineSpeed() {}

    /** The best of some runs with their commitments, so that what else the machine does counts little; takes milliseconds. */
    public static double nanosPerGas(Backend backend, InferenceConfig.Gas gas) {
        Model model = SelfTestNetworks.image();
        InferenceEngine engine = new InferenceEngine(backend, 0);
        byte[] sample = new byte[model.facts().inputBytes()];
        long best = Long.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            engine.run(model, sample);
            best = Math.min(best, System.nanoTime() - start);
        }
        return (double) best / ModelPrice.sampleGas(model.facts(), gas);
    }
}
