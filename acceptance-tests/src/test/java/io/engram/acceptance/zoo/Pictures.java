package io.engram.acceptance.zoo;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import javax.imageio.ImageIO;

/** The zoo's pictures as files: faces or lines of text, the same for a seed. */
final class Pictures {

    private Pictures() {}

    /** Arguments: faces or text, side in pixels (of text the height), count, seed, folder. */
    public static void main(String[] arguments) throws IOException {
        boolean faces = arguments[0].equals("faces");
        int side = Integer.parseInt(arguments[1]);
        int count = Integer.parseInt(arguments[2]);
        RandomGenerator random = random(Long.parseLong(arguments[3]));
        Path folder = Files.createDirectories(Path.of(arguments[4]));
        FacePictures pictures = new FacePictures();
        for (int i = 0; i < count; i++) {
            BufferedImage picture = faces ? pictures.next(random, side) : TextLines.next(random, i % 2 == 1);
            ImageIO.write(
                    picture, "png", folder.resolve("%04d.png".formatted(i)).toFile());
        }
    }

    static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
