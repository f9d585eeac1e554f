package io.engram.client.keystore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.KeyPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file with a private key: 64 hexadecimal digits, with or without 0x, or Web3 Secret Storage.
 *
 * @param passwordFile whose first line is the password; needed for Web3 Secret Storage only
 */
public record KeyFile(Path file, Optional<Path> passwordFile) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Most bytes that a file with a key or a password may have. */
    private static final long MAX_BYTES = 1 << 16;

    /**
     * @throws KeyFileException when the file does not hold a key, or not under this password
     * @throws IOException when a file cannot be read
     */
    public KeyPair load() throws IOException {
        String text = read(file).strip();
        try {
            return text.startsWith("{") ? SecretStorage.decrypt(JSON.readTree(text), password()) : plain(text);
        } catch (KeyFileException e) {
            throw new KeyFileException(file + ": " + e.getMessage(), e);
        } catch (JsonProcessingException e) {
            throw new KeyFileException(file + " is neither a private key of 64 hexadecimal digits nor JSON", e);
        }
    }

    private KeyPair plain(String text) throws KeyFileException {
        try {
            return KeyPair.of(Hash.fromHex(text));
        } catch (IllegalArgumentException e) {
            throw new KeyFileException("does not hold a private key of 64 hexadecimal digits", e);
        }
    }

    private String password() throws IOException {
        if (passwordFile.isEmpty()) {
            throw new KeyFileException("the key is encrypted; name a file with its password (--password-file)");
        }
        return password(passwordFile.get());
    }

    /** The first line of a file, without its end. */
    public static String password(Path file) throws IOException {
        return read(file).lines().findFirst().orElse("");
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new KeyFileException(file + " is too large for a file with a key or a password");
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
