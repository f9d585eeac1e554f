package io.engram.client.keystore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.KeyPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.bouncycastle.crypto.generators.SCrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretStorageTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final KeyPair KEYS = KeyPair.of(new Hash(1, 2, 3, 4));

    @Test
    void theKeyStoreTestsPass() throws Exception {
        String corpora = System.getProperty("engram.corpora", "");
        assumeTrue(!corpora.isEmpty(), "skipped: the system property engram.corpora is not set");
        Path file = Path.of(corpora, "ethereum-basic-tests", "KeyStoreTests", "basic_tests.json");
        assumeTrue(Files.exists(file), "skipped: the key-store tests are absent from the folder engram.corpora");
        int passed = 0;
        for (var entry : JSON.readTree(file.toFile()).properties()) {
            JsonNode test = entry.getValue();
            KeyPair keys = SecretStorage.decrypt(
                    test.path("json"), test.path("password").asText());
            assertThat(keys.privateKey().toHex())
                    .as(entry.getKey())
                    .isEqualTo("0x" + test.path("priv").asText());
            passed++;
        }
        System.out.println("KeyStoreTests: " + passed + " passed, 0 failed");
        assertThat(passed).isEqualTo(5);
    }

    private static ObjectNode encrypted(KeyDerivation derivation) {
        return SecretStorage.encrypt(KEYS, "pässword", derivation, new SecureRandom());
    }

    private static ObjectNode weak() {
        return encrypted(new KeyDerivation.ScryptDerivation(16, 8, 1, Bytes.of(1, 2, 3)));
    }

    @Test
    void whatIsWrittenIsReadAgainWithTheRightPasswordOnly() throws Exception {
        for (KeyDerivation derivation : new KeyDerivation[] {
            new KeyDerivation.Pbkdf2Derivation(100, Bytes.of(7)),
            new KeyDerivation.ScryptDerivation(16, 8, 2, Bytes.of(1, 2, 3))
        }) {
            ObjectNode file = encrypted(derivation);
            assertThat(SecretStorage.decrypt(JSON.readTree(file.toString()), "pässword")
                            .privateKey())
                    .isEqualTo(KEYS.privateKey());
            assertThat(file.path("address").asText())
                    .isEqualTo(KEYS.address().toHex().substring(2));
            assertThatThrownBy(() -> SecretStorage.decrypt(file, "password"))
                    .isInstanceOf(KeyFileException.class)
                    .hasMessage("wrong password");
        }
    }

    @Test
    void parametersThatAreUnknownOrTooCostlyAreRefusedBeforeAnyWork() {
        ObjectNode costly = weak();
        ((ObjectNode) costly.path("crypto").path("kdfparams")).put("n", 1 << 30);
        ObjectNode odd = weak();
        ((ObjectNode) odd.path("crypto").path("kdfparams")).put("n", 17);
        ObjectNode unknown = weak();
        ((ObjectNode) unknown.path("crypto")).put("kdf", "argon2id");
        ObjectNode cipher = weak();
        ((ObjectNode) cipher.path("crypto")).put("cipher", "aes-256-gcm");
        ObjectNode iv = weak();
        ((ObjectNode) iv.path("crypto").path("cipherparams")).put("iv", "0102");
        ObjectNode version = weak().put("version", 4);
        for (JsonNode file : new JsonNode[] {costly, odd, unknown, cipher, iv, version, JSON.createArrayNode()}) {
            assertThatThrownBy(() -> SecretStorage.decrypt(file, "pässword")).isInstanceOf(KeyFileException.class);
        }
    }

    @Test
    void aKeyFileIsPlainOrEncrypted(@TempDir Path folder) throws Exception {
        Path plain =
                Files.writeString(folder.resolve("plain"), KEYS.privateKey().toHex() + "\n");
        assertThat(new KeyFile(plain, Optional.empty()).load().address()).isEqualTo(KEYS.address());
        Path json = Files.writeString(folder.resolve("json"), weak().toString());
        Path password = Files.writeString(folder.resolve("password"), "pässword\n");
        assertThat(new KeyFile(json, Optional.of(password)).load().address()).isEqualTo(KEYS.address());
        assertThatThrownBy(() -> new KeyFile(json, Optional.empty()).load()).hasMessageContaining("--password-file");
        Path rubbish = Files.writeString(folder.resolve("rubbish"), "{\"version\":");
        assertThatThrownBy(() -> new KeyFile(rubbish, Optional.of(password)).load())
                .isInstanceOf(KeyFileException.class);
    }

    @Test
    void scryptAgreesWithTheLibraryWhereThatTakesTheParameters() {
        Random random = new Random(7914);
        for (int i = 0; i < 40; i++) {
            byte[] password = new byte[random.nextInt(70)];
            byte[] salt = new byte[random.nextInt(70)];
            random.nextBytes(password);
            random.nextBytes(salt);
            int n = 2 << random.nextInt(10);
            int r = 1 + random.nextInt(9);
            int p = 1 + random.nextInt(4);
            assertThat(Scrypt.generate(password, salt, n, r, p, 32))
                    .as("run %d: n = %d, r = %d, p = %d", i, n, r, p)
                    .isEqualTo(SCrypt.generate(password, salt, n, r, p, 32));
        }
    }
}
