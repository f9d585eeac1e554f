package io.engram.client.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.rpc.RpcAccount;
import io.engram.client.rpc.RpcClient;
import io.engram.client.rpc.RpcHex;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Signature;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;

/**
 * Publishes a model on a network: announces it, hands its file to one node, from which the validators fetch it, waits for
 * their signatures, submits them, and waits until the model is active. Each step looks at the chain first, so that a run that
 * was broken off can be repeated; what is paid for already is not paid again, and a node that has lost the file is given it
 * anew. Used by one thread.
 */
public final class NetworkPublication {

    private static final int PIECE_BYTES = 4 << 20;
    private static final Duration POLL = Duration.ofMillis(300);

    /** Between two lines about a figure that rises all the time. */
    private static final Duration STEP = Duration.ofSeconds(1);

    private final RpcClient rpc;
    private final RpcAccount payer;
    private final Model model;
    private final byte[] file;
    private final Consumer<String> progress;
    private String last = "";
    private long lastStep = System.nanoTime() - STEP.toNanos();

    /** @param progress takes lines that say what has been reached */
    public NetworkPublication(RpcClient rpc, RpcAccount payer, Model model, byte[] file, Consumer<String> progress) {
        this.rpc = rpc;
        this.payer = payer;
        this.model = model;
        this.file = file.clone();
        this.progress = progress;
    }

    /**
     * Returns when the model is active.
     *
     * @throws IOException when the node or the registry refuses, or the time is up
     */
    public void run(Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            JsonNode known = rpc.call("model_get", model.id().toHex());
            switch (known.path("status").asText()) {
                case "active" -> {
                    handOverIfAbsent(known);
                    return;
                }
                case "attested" -> {
                    handOverIfAbsent(known);
                    say("attested, active from block "
                            + Long.decode(known.path("activeFrom").asText()));
                }
                case "suspended", "retired" ->
                    throw new IOException("model " + model.id() + " is "
                            + known.path("status").asText());
                default -> advance(known);
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "model " + model.id() + " is not active after " + patience.toSeconds() + " s; last: " + last);
            }
            Thread.sleep(POLL);
        }
    }

    private void advance(JsonNode known) throws IOException, InterruptedException {
        if (!isAnnounced(known)) {
            RemotePublication publication = RemotePublication.of(rpc, payer, model);
            publication.announce();
            say("announced for " + publication.price() + " wei");
            return;
        }
        if (known.hasNonNull("refused")) {
            throw new IOException(
                    "the node refuses the model: " + known.path("refused").asText());
        }
        if (handOverIfAbsent(known)) {
            return;
        }
        JsonNode state = rpc.call("model_getAttestations", model.id().toHex());
        long quorum = Long.decode(state.path("quorum").asText());
        List<Signature> signatures = SignatureView.read(state.path("signatures"));
        boolean done = quorum > 0 && signatures.size() >= quorum;
        String line = signatures.size() + " of " + quorum + " signatures in, "
                + Long.decode(state.path("chunksSent").asText()) + " chunks out (the file has "
                + Math.ceilDiv(file.length, Commitments.MODEL_CHUNK) + "), "
                + Long.decode(state.path("holders").asText()) + " more nodes have the file";
        if (done) {
            say(line);
            submit(signatures);
        } else {
            step(line);
        }
    }

    /** @return whether there was something to do */
    private boolean handOverIfAbsent(JsonNode known) throws IOException, InterruptedException {
        if (known.path("held").asBoolean()) {
            return false;
        }
        upload();
        say("handed to the node, " + file.length + " bytes");
        return true;
    }

    /** Whether the registry shows the file's own terms, paid for and not lapsed. */
    private boolean isAnnounced(JsonNode known) throws IOException, InterruptedException {
        if (known.isNull()
                || !known.path("author")
                        .asText()
                        .equalsIgnoreCase(model.graph().author().toHex())
                || Long.decode(known.path("royalty").asText()) != model.graph().royalty()) {
            return false;
        }
        List<Hash> facts = new ArrayList<>();
        known.path("facts").forEach(word -> facts.add(Hash.fromHex(word.asText())));
        long next = Long.decode(rpc.call("eth_blockNumber").asText()) + 1;
        return facts.equals(model.facts().toWords())
                && Long.decode(known.path("expiresAt").asText()) >= next;
    }

    private void upload() throws IOException, InterruptedException {
        String id =
                rpc.call("model_beginUpload", RpcHex.quantityText(file.length)).asText();
        for (int offset = 0; offset < file.length; offset += PIECE_BYTES) {
            Bytes piece = Bytes.wrap(file, offset, Math.min(PIECE_BYTES, file.length - offset));
            rpc.call("model_appendUpload", id, RpcHex.quantityText(offset), piece.toHexString());
            step(offset + piece.size() + " of " + file.length + " bytes handed to the node");
        }
        rpc.call("model_keepUpload", id);
    }

    private void submit(List<Signature> signatures) throws IOException, InterruptedException {
        try {
            RemotePublication.of(rpc, payer, model).attestWith(signatures);
        } catch (RpcClient.RpcFailedException e) {
            String status =
                    rpc.call("model_get", model.id().toHex()).path("status").asText();
            if (status.equals("announced")) {
                throw e;
            }
            say("somebody else has submitted the attestation");
        }
    }

    /** As {@link #say}, but not too often. */
    private void step(String line) {
        if (System.nanoTime() - lastStep > STEP.toNanos()) {
            lastStep = System.nanoTime();
            say(line);
        }
    }

    private void say(String line) {
        if (!line.equals(last)) {
            last = line;
            progress.accept(line);
        }
    }
}
