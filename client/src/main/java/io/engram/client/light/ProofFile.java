package io.engram.client.light;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.tuweni.bytes.Bytes;

/** Proofs as people keep them: the JSON that a node answered, the proof in it as hexadecimal text, or its bytes. */
public final class ProofFile {

    /** Text takes two characters a byte, and the JSON says most things twice. */
    private static final long MAX_BYTES = 5L * LightLimits.PROOF_BYTES;

    /** Every encoded proof begins with the prefix of a long RLP list. */
    private static final int BINARY = 0xf7;

    private static final JsonMapper JSON = new JsonMapper();

    private ProofFile() {}

    /**
     * The bytes of the proof, unchecked.
     *
     * @throws IOException when the file cannot be read or holds none of these
     */
    public static Bytes read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is larger than " + MAX_BYTES + " bytes");
        }
        byte[] content = Files.readAllBytes(file);
        if (content.length > 0 && (content[0] & 0xff) > BINARY) {
            return Bytes.wrap(content);
        }
        String text = new String(content, UTF_8).strip();
        try {
            return Bytes.fromHexString(text.startsWith("0x") ? text : member(file, JSON.readTree(text)));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException(file + " is neither JSON nor hexadecimal text nor the bytes of a proof", e);
        }
    }

    private static String member(Path file, JsonNode json) throws IOException {
        JsonNode answer = json.has("result") ? json.path("result") : json;
        JsonNode proof = answer.isTextual() ? answer : answer.path("proof");
        if (!proof.isTextual()) {
            throw new IOException(file + " has no field proof: headers of its chain may not list the validators");
        }
        return proof.asText();
    }
}
