package io.engram.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.engram.genesis.config.InferenceConfig;
import io.engram.inference.MalformedModelException;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.engine.reference.ReferenceBackend;
import io.engram.inference.model.Model;
import io.engram.inference.model.ModelReader;
import io.engram.inference.model.ModelWriter;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Bytes from strangers as a model: one that is accepted is written back as it was and runs, or there is one error. */
class ModelFileFuzzTest {

    /** Small enough for thousands of models a second; the work of a run is bounded by them. */
    private static final InferenceConfig.Limits LIMITS =
            new InferenceConfig.Limits(1L << 16, 1L << 20, 64, 1L << 20, 1L << 18, 1L << 14, 1L << 14, 1L << 14, 1);

    /** Where the header says how long the file is. */
    private static final int LENGTH_AT = 32;

    /** The file with the length and the checksum that it should have, since no fuzzer finds those. */
    private static byte[] sealed(byte[] input) throws NoSuchAlgorithmException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        byte[] body = input.clone();
        if (body.length >= LENGTH_AT + Long.BYTES) {
            ByteBuffer.wrap(body).putLong(LENGTH_AT, body.length + (long) sha256.getDigestLength());
        }
        byte[] file = Arrays.copyOf(body, body.length + sha256.getDigestLength());
        System.arraycopy(sha256.digest(body), 0, file, body.length, sha256.getDigestLength());
        return file;
    }

    @FuzzTest(maxDuration = "2m")
    void an_accepted_model_runs(byte[] input) throws NoSuchAlgorithmException {
        byte[] file = sealed(input);
        Model model;
        try {
            model = Model.load(file, LIMITS);
            assertThat(ModelWriter.write(ModelReader.read(file))).isEqualTo(file);
        } catch (MalformedModelException refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
            return;
        }
        byte[] sample = new byte[model.facts().inputBytes()];
        if (model.facts().acceptsValues(sample)) {
            InferenceEngine engine = new InferenceEngine(new ReferenceBackend(), 0);
            assertThat(engine.run(model, sample)).hasSize(1);
        }
    }
}
