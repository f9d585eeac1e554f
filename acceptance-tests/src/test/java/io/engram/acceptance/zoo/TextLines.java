package io.engram.acceptance.zoo;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/** Pictures of one line of text, 192 × 48 pixels, upright or upside down, in several fonts, sizes, colours and noises. */
final class TextLines {

    static final int WIDTH = 192;
    static final int HEIGHT = 48;

    private static final String[] FONTS = {Font.SERIF, Font.SANS_SERIF, Font.MONOSPACED};
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String DIGITS = "0123456789";
    private static final String[] WORDS = {
        "the", "quick", "brown", "Fox", "jumps", "over", "lazy", "dogs", "Invoice", "Total", "Street", "payment",
        "received", "Department", "Railway", "gate", "Number", "please", "keep", "this", "copy", "Ltd", "page", "Tax"
    };

    private TextLines() {}

    static BufferedImage next(RandomGenerator random, boolean upsideDown) {
        BufferedImage line = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = line.createGraphics();
        boolean dark = random.nextInt(4) == 0;
        int paper = dark ? random.nextInt(0, 70) : random.nextInt(190, 256);
        int ink = dark ? random.nextInt(190, 256) : random.nextInt(0, 80);
        pen.setColor(new Color(paper, Math.min(255, paper + random.nextInt(20)), paper));
        pen.fillRect(0, 0, WIDTH, HEIGHT);
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setColor(new Color(ink, ink, Math.min(255, ink + random.nextInt(60))));
        pen.setFont(new Font(FONTS[random.nextInt(FONTS.length)], random.nextInt(4), random.nextInt(22, 36)));
        if (upsideDown) {
            pen.rotate(Math.PI, WIDTH / 2.0, HEIGHT / 2.0);
        }
        FontMetrics metrics = pen.getFontMetrics();
        String text = text(random);
        while (metrics.stringWidth(text) > WIDTH - 8 && text.length() > 3) {
            text = text.substring(0, text.length() - 1).strip();
        }
        int x = (WIDTH - metrics.stringWidth(text)) / 2;
        int y = (HEIGHT - metrics.getHeight()) / 2 + metrics.getAscent() + random.nextInt(-3, 4);
        pen.drawString(text, Math.max(x, 2), y);
        pen.dispose();
        blemish(line, random);
        return line;
    }

    private static String text(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        while (text.length() < 24) {
            switch (random.nextInt(5)) {
                case 0 -> letters(text, random, DIGITS, random.nextInt(2, 6));
                case 1 -> letters(text, random, LETTERS, random.nextInt(3, 8));
                default -> text.append(WORDS[random.nextInt(WORDS.length)]);
            }
            text.append(' ');
        }
        return text.toString();
    }

    private static void letters(StringBuilder text, RandomGenerator random, String from, int count) {
        for (int i = 0; i < count; i++) {
            text.append(from.charAt(random.nextInt(from.length())));
        }
    }

    private static void blemish(BufferedImage line, RandomGenerator random) {
        double noise = random.nextDouble(0, 14);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int rgb = line.getRGB(x, y);
                int changed = 0;
                for (int shift = 16; shift >= 0; shift -= 8) {
                    double value = (rgb >> shift & 0xff) + noise * random.nextGaussian();
                    changed = changed << 8 | (int) Math.clamp(value, 0.0, 255.0);
                }
                line.setRGB(x, y, changed);
            }
        }
    }
}
