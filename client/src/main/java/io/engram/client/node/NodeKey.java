package io.engram.client.node;

import io.engram.client.keystore.KeyFile;
import io.engram.genesis.crypto.KeyPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Optional;

/** The node's own secp256k1 key: a file with 64 hexadecimal digits, as Besu writes it, made at first start. */
public final class NodeKey {

    private NodeKey() {}

    /** Reads the key, or makes one and writes it, readable by its owner only. */
    public static KeyPair loadOrCreate(Path file) throws IOException {
        if (Files.exists(file)) {
            return load(file);
        }
        KeyPair keys = KeyPair.random(new SecureRandom());
        Files.createFile(file);
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(
                    file, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        }
        Files.writeString(file, keys.privateKey().toHex(), StandardCharsets.US_ASCII);
        return keys;
    }

    /** @throws IOException when the file does not hold a key */
    public static KeyPair load(Path file) throws IOException {
        return new KeyFile(file, Optional.empty()).load();
    }
}
