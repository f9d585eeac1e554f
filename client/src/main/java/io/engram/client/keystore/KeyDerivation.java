package io.engram.client.keystore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.tuweni.bytes.Bytes;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/** How a password becomes the key of a file: the {@code kdf} and {@code kdfparams} of Web3 Secret Storage. */
sealed interface KeyDerivation {

    /** Bytes that a derivation yields: 16 of the cipher's key and 16 of the check's. */
    int SIZE = 32;

    /** Most memory that a file may make scrypt take, in bytes; the usual strong setting takes 256 MiB. */
    long MAX_SCRYPT_BYTES = 1L << 30;

    /** Most rounds that a file may ask for. */
    int MAX_ROUNDS = 100_000_000;

    /** {@value #SIZE} bytes. */
    byte[] derive(byte[] password);

    String name();

    ObjectNode parameters();

    /**
     * PBKDF2 with HMAC-SHA-256 (RFC 8018).
     *
     * @param c rounds
     */
    record Pbkdf2Derivation(int c, Bytes salt) implements KeyDerivation {

        public Pbkdf2Derivation {
            if (c < 1 || c > MAX_ROUNDS) {
                throw new IllegalArgumentException("pbkdf2 with " + c + " rounds");
            }
        }

        @Override
        public byte[] derive(byte[] password) {
            PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
            generator.init(password, salt.toArray(), c);
            return ((KeyParameter) generator.generateDerivedMacParameters(8 * SIZE)).getKey();
        }

        @Override
        public String name() {
            return "pbkdf2";
        }

        @Override
        public ObjectNode parameters() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("c", c).put("dklen", SIZE).put("prf", "hmac-sha256");
            return json.put("salt", salt.toUnprefixedHexString());
        }
    }

    /**
     * scrypt (RFC 7914).
     *
     * @param n cost, a power of two
     * @param r block size
     * @param p parallel runs
     */
    record ScryptDerivation(int n, int r, int p, Bytes salt) implements KeyDerivation {

        public ScryptDerivation {
            if (n < 2 || Integer.bitCount(n) != 1 || r < 1 || p < 1) {
                throw new IllegalArgumentException("scrypt with n = " + n + ", r = " + r + ", p = " + p);
            }
            if (128L * r * (n + (long) p) > MAX_SCRYPT_BYTES || (long) n * r * p > MAX_ROUNDS) {
                throw new IllegalArgumentException("scrypt with n = " + n + ", r = " + r + ", p = " + p
                        + " is more than this client spends on a file");
            }
        }

        @Override
        public byte[] derive(byte[] password) {
            return Scrypt.generate(password, salt.toArray(), n, r, p, SIZE);
        }

        @Override
        public String name() {
            return "scrypt";
        }

        @Override
        public ObjectNode parameters() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("dklen", SIZE).put("n", n).put("p", p).put("r", r);
            return json.put("salt", salt.toUnprefixedHexString());
        }
    }

    /**
     * Reads {@code crypto.kdf} and {@code crypto.kdfparams}.
     *
     * @throws IllegalArgumentException when they are malformed, unknown or too costly
     */
    static KeyDerivation read(JsonNode crypto) {
        JsonNode parameters = crypto.path("kdfparams");
        if (integer(parameters, "dklen") != SIZE) {
            throw new IllegalArgumentException("dklen is not " + SIZE);
        }
        Bytes salt = Bytes.fromHexString(parameters.path("salt").asText());
        String name = crypto.path("kdf").asText();
        if (name.equals("scrypt")) {
            return new ScryptDerivation(
                    integer(parameters, "n"), integer(parameters, "r"), integer(parameters, "p"), salt);
        }
        if (!name.equals("pbkdf2")) {
            throw new IllegalArgumentException("key derivation " + name + ", expected pbkdf2 or scrypt");
        }
        String prf = parameters.path("prf").asText();
        if (!prf.equals("hmac-sha256")) {
            throw new IllegalArgumentException("pbkdf2 with " + prf + ", expected hmac-sha256");
        }
        return new Pbkdf2Derivation(integer(parameters, "c"), salt);
    }

    private static int integer(JsonNode parameters, String field) {
        JsonNode value = parameters.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new IllegalArgumentException("the parameter " + field + " is missing or no small number");
        }
        return value.intValue();
    }
}
