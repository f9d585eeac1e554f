package io.engram.client.exchange;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Log;
import io.engram.genesis.crypto.Keccak256;
import io.engram.inference.model.Model;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * Terms of a model that somebody paid to have attested, as the registry's event {@code Announced} tells them.
 *
 * @param facts as announced; the file may have others
 * @param expiresAt the last block that may hold the attestation
 */
record Announcement(Hash modelId, Address author, int royalty, List<Hash> facts, long expiresAt) {

    private static final Hash EVENT =
            Keccak256.hash("Announced(bytes32,address,uint16,bytes32[],uint64)".getBytes(StandardCharsets.US_ASCII));

    private static final int TOPICS = 3;

    /** Words of the data before the facts: royalty, offset, expiry, count. */
    private static final int HEAD_WORDS = 4;

    private static final int MAX_FACTS = 18;

    Announcement {
        facts = List.copyOf(facts);
    }

    /** @param log of the registry; empty for another event */
    static Optional<Announcement> of(Log log) {
        Bytes data = log.data();
        if (log.topics().size() != TOPICS || !log.topics().get(0).equals(EVENT)) {
            return Optional.empty();
        }
        int words = data.size() / Hash.SIZE;
        if (words <= HEAD_WORDS || words > HEAD_WORDS + MAX_FACTS) {
            return Optional.empty();
        }
        List<Hash> facts = new ArrayList<>();
        for (int i = HEAD_WORDS; i < words; i++) {
            facts.add(word(data, i));
        }
        Hash author = log.topics().get(2);
        return Optional.of(new Announcement(
                log.topics().get(1),
                Address.ofWord(author.w1(), author.w2(), author.w3()),
                (int) word(data, 0).w3(),
                facts,
                word(data, 2).w3()));
    }

    private static Hash word(Bytes data, int index) {
        return Hash.of(data.slice(index * Hash.SIZE, Hash.SIZE));
    }

    /** Length of the file that was paid for. */
    long modelBytes() {
        return facts.getFirst().w0();
    }

    /** The terms in a model's file, without an expiry. */
    static Announcement of(Model model) {
        return new Announcement(
                model.id(),
                model.graph().author(),
                model.graph().royalty(),
                model.facts().toWords(),
                0);
    }

    /** Why these are not the terms of the file; empty when they are. */
    Optional<String> fault(Announcement file) {
        if (!author.equals(file.author())) {
            return Optional.of("the announced author " + author + " is not the file's, " + file.author());
        }
        if (royalty != file.royalty()) {
            return Optional.of("the announced royalty " + royalty + " is not the file's, " + file.royalty());
        }
        return facts.equals(file.facts())
                ? Optional.empty()
                : Optional.of("the announced sizes and counters are not the file's");
    }
}
