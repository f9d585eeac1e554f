package io.engram.client.demo;

import io.engram.inference.quantize.IdxFile;
import io.engram.inference.quantize.ModelInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The test images that come with the client: the first hundred of Fashion-MNIST's test set, with their labels. */
final class DemoImages {

    private final IdxFile images;
    private final IdxFile labels;
    private final List<String> classes;

    private DemoImages(IdxFile images, IdxFile labels, List<String> classes) {
        this.images = images;
        this.labels = labels;
        this.classes = classes;
    }

    static DemoImages load() throws IOException {
        try (InputStream images = resource("fashion-mnist-100-images.idx.gz");
                InputStream labels = resource("fashion-mnist-100-labels.idx");
                InputStream classes = resource("fashion-mnist-classes.txt")) {
            return new DemoImages(
                    IdxFile.read(images),
                    IdxFile.read(labels),
                    new String(classes.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList());
        }
    }

    int count() {
        return images.count();
    }

    /** The image as the model's call data. */
    byte[] input(int index) {
        int size = images.entrySize();
        return ModelInput.ofPixels(Arrays.copyOfRange(images.data(), index * size, (index + 1) * size));
    }

    int label(int index) {
        return labels.data()[index];
    }

    String className(int label) {
        return classes.get(label);
    }

    /** A resource of the demo. */
    static InputStream resource(String name) throws IOException {
        InputStream in = DemoImages.class.getResourceAsStream(name);
        if (in == null) {
            throw new IOException("the client was built without " + name);
        }
        return in;
    }
}
