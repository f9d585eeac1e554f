package io.engram.p2p.peer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code static-nodes.json}: an array of enode URLs, as Besu and geth have it. */
public final class StaticNodes {

    private static final ObjectMapper JSON = new ObjectMapper();

    private StaticNodes() {}

    /** @throws IOException when the file cannot be read or an element is not an enode URL; the message names it */
    public static List<EnodeUrl> read(Path file) throws IOException {
        JsonNode array;
        try {
            array = JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!array.isArray()) {
            throw new IOException(file + " must be an array of enode URLs");
        }
        List<EnodeUrl> nodes = new ArrayList<>();
        for (JsonNode element : array) {
            nodes.add(EnodeUrl.parse(element.asText())
                    .orElseThrow(() -> new IOException(file + ": not an enode URL: " + element)));
        }
        return List.copyOf(nodes);
    }
}
