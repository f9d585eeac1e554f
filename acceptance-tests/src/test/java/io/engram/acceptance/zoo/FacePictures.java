package io.engram.acceptance.zoo;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.random.RandomGenerator;
import javax.imageio.ImageIO;

/** Square colour pictures with a face somewhere: drawn ones, and views of one photograph. */
final class FacePictures {

    /** NASA, public domain: the portrait of Eileen Collins, 320 × 320. */
    private static final String PHOTOGRAPH = "/zoo/portrait.jpg";

    private static final int PEN = 512;

    private final BufferedImage photograph;

    FacePictures() throws IOException {
        try (InputStream stream = FacePictures.class.getResourceAsStream(PHOTOGRAPH)) {
            photograph = ImageIO.read(Objects.requireNonNull(stream));
        }
    }

    /** One of the two kinds, {@code side} × {@code side} pixels. */
    BufferedImage next(RandomGenerator random, int side) {
        BufferedImage large = random.nextInt(3) == 0 ? drawn(random) : view(random);
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = pen(picture);
        pen.drawImage(large.getScaledInstance(side, side, java.awt.Image.SCALE_AREA_AVERAGING), 0, 0, null);
        pen.dispose();
        develop(picture, random);
        return picture;
    }

    /** Brightness, contrast and noise of a camera. */
    private static void develop(BufferedImage picture, RandomGenerator random) {
        double contrast = random.nextDouble(0.7, 1.2);
        double brightness = random.nextDouble(-25, 25);
        double noise = random.nextDouble(0, 6);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int rgb = picture.getRGB(x, y);
                int changed = 0;
                for (int shift = 16; shift >= 0; shift -= 8) {
                    double value = ((rgb >> shift & 0xff) - 128) * contrast + 128 + brightness;
                    value += noise * random.nextGaussian();
                    changed = changed << 8 | (int) Math.clamp(value, 0.0, 255.0);
                }
                picture.setRGB(x, y, changed);
            }
        }
    }

    private BufferedImage view(RandomGenerator random) {
        BufferedImage picture = new BufferedImage(PEN, PEN, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = pen(picture);
        background(pen, random);
        double scale = random.nextDouble(0.8, 2.4) * PEN / photograph.getWidth();
        AffineTransform place = new AffineTransform();
        place.translate(random.nextDouble(0.35, 0.65) * PEN, random.nextDouble(0.35, 0.65) * PEN);
        place.rotate(Math.toRadians(random.nextDouble(-20, 20)));
        place.scale(random.nextBoolean() ? scale : -scale, scale);
        // The face is in the upper middle of the portrait.
        place.translate(-0.52 * photograph.getWidth(), -0.4 * photograph.getHeight());
        pen.drawImage(photograph, place, null);
        pen.dispose();
        return picture;
    }

    private static BufferedImage drawn(RandomGenerator random) {
        BufferedImage picture = new BufferedImage(PEN, PEN, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = pen(picture);
        background(pen, random);
        double size = random.nextDouble(0.35, 0.75) * PEN;
        pen.translate(random.nextDouble(0.4, 0.6) * PEN, random.nextDouble(0.42, 0.58) * PEN);
        pen.rotate(Math.toRadians(random.nextDouble(-12, 12)));
        pen.scale(size / 200, size / 200);
        face(pen, random);
        pen.dispose();
        return picture;
    }

    /** A face 160 units wide and 220 high around the origin. */
    private static void face(Graphics2D pen, RandomGenerator random) {
        float tone = random.nextFloat(0.35f, 0.95f);
        Color skin = new Color(tone, tone * random.nextFloat(0.72f, 0.82f), tone * random.nextFloat(0.55f, 0.7f));
        Color shade = mix(skin, Color.BLACK, 0.25);
        Color hair = Color.getHSBColor(random.nextFloat(0.04f, 0.12f), 0.6f, random.nextFloat(0.05f, 0.5f));
        pen.setColor(hair);
        pen.fill(new Ellipse2D.Double(-95, -130, 190, random.nextDouble(170, 260)));
        pen.setColor(shade);
        pen.fill(new Ellipse2D.Double(-35, 60, 70, 90));
        pen.setPaint(new GradientPaint(-80, -100, mix(skin, Color.WHITE, 0.15), 80, 110, shade));
        pen.fill(new Ellipse2D.Double(-75, -100, 150, 205));
        pen.setColor(hair);
        pen.fill(new Arc2D.Double(-78, -112, 156, random.nextDouble(80, 130), 10, 160, Arc2D.CHORD));
        for (int sign = -1; sign <= 1; sign += 2) {
            eye(pen, sign * 32.0, skin, hair);
        }
        pen.setPaint(new GradientPaint(-10, 0, mix(skin, Color.WHITE, 0.2), 14, 0, shade));
        Path2D nose = new Path2D.Double();
        nose.moveTo(-4, -18);
        nose.curveTo(-8, 10, -18, 24, -12, 30);
        nose.curveTo(-4, 36, 4, 36, 12, 30);
        nose.curveTo(18, 24, 8, 10, 4, -18);
        pen.fill(nose);
        pen.setColor(mix(shade, Color.BLACK, 0.4));
        pen.fill(new Ellipse2D.Double(-9, 26, 6, 4));
        pen.fill(new Ellipse2D.Double(3, 26, 6, 4));
        pen.setColor(mix(skin, new Color(0xa0, 0x20, 0x30), 0.6));
        double open = random.nextDouble(6, 16);
        pen.fill(new Ellipse2D.Double(-27, 52, 54, open + 6));
        pen.setColor(mix(shade, Color.BLACK, 0.6));
        pen.fill(new Ellipse2D.Double(-22, 55 + open / 4, 44, open / 2));
    }

    private static void eye(Graphics2D pen, double x, Color skin, Color brow) {
        pen.setColor(mix(skin, Color.BLACK, 0.35));
        pen.fill(new Ellipse2D.Double(x - 19, -26, 38, 24));
        pen.setColor(Color.WHITE);
        pen.fill(new Ellipse2D.Double(x - 15, -21, 30, 15));
        pen.setColor(new Color(0x40, 0x30, 0x20));
        pen.fill(new Ellipse2D.Double(x - 7, -21, 14, 14));
        pen.setColor(Color.BLACK);
        pen.fill(new Ellipse2D.Double(x - 4, -18, 8, 8));
        pen.setColor(brow);
        pen.fill(new Arc2D.Double(x - 22, -44, 44, 26, 20, 140, Arc2D.CHORD));
    }

    private static void background(Graphics2D pen, RandomGenerator random) {
        Color first = new Color(random.nextInt(0x1000000));
        Color second = new Color(random.nextInt(0x1000000));
        pen.setPaint(new GradientPaint(0, 0, first, random.nextInt(PEN), PEN, second));
        pen.fillRect(0, 0, PEN, PEN);
        for (int i = random.nextInt(6); i > 0; i--) {
            pen.setColor(new Color(random.nextInt(0x1000000)));
            pen.fillRect(random.nextInt(PEN), random.nextInt(PEN), random.nextInt(20, 160), random.nextInt(20, 160));
        }
    }

    private static Color mix(Color a, Color b, double share) {
        return new Color(
                (int) (a.getRed() + (b.getRed() - a.getRed()) * share),
                (int) (a.getGreen() + (b.getGreen() - a.getGreen()) * share),
                (int) (a.getBlue() + (b.getBlue() - a.getBlue()) * share));
    }

    private static Graphics2D pen(BufferedImage picture) {
        Graphics2D pen = picture.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        return pen;
    }
}
