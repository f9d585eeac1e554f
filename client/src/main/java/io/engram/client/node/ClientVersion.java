package io.engram.client.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Properties;

/** Name, version and platform as peers and users see them. */
public final class ClientVersion {

    private ClientVersion() {}

    /** {@code engram/v0.1.0/linux-x86_64/java-25}. */
    public static String text() {
        return "engram/v" + version() + "/" + System.getProperty("os.name").toLowerCase(Locale.ROOT) + "-"
                + System.getProperty("os.arch") + "/java-"
                + Runtime.version().feature();
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = ClientVersion.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }
}
