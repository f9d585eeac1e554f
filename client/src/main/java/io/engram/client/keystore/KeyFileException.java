package io.engram.client.keystore;

import java.io.IOException;

/** A file holds no key, or not under this password. The message is for the user. */
public final class KeyFileException extends IOException {

    private static final long serialVersionUID = 1L;

    KeyFileException(String message) {
        super(message);
    }

    KeyFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
