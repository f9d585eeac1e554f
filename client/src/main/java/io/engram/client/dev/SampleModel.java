package io.engram.client.dev;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** The model that comes with the client: classifies 28 × 28 grey images of Fashion-MNIST. */
public final class SampleModel {

    private static final String RESOURCE = "/io/engram/client/demo/fashion-mnist.egm";

    private SampleModel() {}

    /** The bytes of its file; empty in a build without it. */
    public static Optional<byte[]> file() {
        try (InputStream in = SampleModel.class.getResourceAsStream(RESOURCE)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
