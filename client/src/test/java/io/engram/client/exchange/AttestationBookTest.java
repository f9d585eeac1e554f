package io.engram.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.consensus.SignatureCodec;
import io.engram.client.consensus.SigningKey;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class AttestationBookTest {

    private static final Hash MODEL = new Hash(0, 0, 0, 5);
    private static final Hash DIGEST = new Hash(1, 2, 3, 4);
    private static final SigningKey A = SigningKey.of(1);
    private static final SigningKey B = SigningKey.of(2);
    private static final SigningKey STRANGER = SigningKey.of(3);
    private static final Set<Address> VALIDATORS =
            Stream.of(A, B).map(SigningKey::address).collect(Collectors.toUnmodifiableSet());

    private final AttestationBook book = new AttestationBook();

    private static Bytes signed(SigningKey key, Hash digest) {
        return SignatureCodec.encode(key.sign(digest));
    }

    @Test
    void signaturesOfValidatorsAreKeptOnceAndInOrder() {
        assertThat(book.keep(Map.of(MODEL, DIGEST))).isTrue();
        assertThat(book.keep(Map.of(MODEL, DIGEST))).isFalse();
        assertThat(book.sign(MODEL, A)).contains(signed(A, DIGEST));
        assertThat(book.sign(MODEL, A)).isEmpty();
        List<Bytes> both = List.of(signed(A, DIGEST), signed(B, DIGEST));
        AttestationBook.Taken taken = book.add(MODEL, both, VALIDATORS);
        assertThat(taken.added()).containsExactly(both.get(1));
        assertThat(taken.malformed() || taken.strangers()).isFalse();
        assertThat(book.signatures(MODEL, VALIDATORS).keySet())
                .containsExactlyElementsOf(VALIDATORS.stream().sorted().toList());
        assertThat(book.signatures(MODEL, Set.of(B.address()))).containsOnlyKeys(B.address());
    }

    @Test
    void whatIsByNobodyOrOfAnotherModelIsNotKept() {
        book.keep(Map.of(MODEL, DIGEST));
        assertThat(book.add(MODEL, List.of(signed(STRANGER, DIGEST)), VALIDATORS))
                .isEqualTo(new AttestationBook.Taken(List.of(), false, true));
        assertThat(book.add(MODEL, List.of(signed(A, MODEL)), VALIDATORS).added())
                .isEmpty();
        assertThat(book.add(MODEL, List.of(Bytes.wrap(new byte[65])), VALIDATORS)
                        .malformed())
                .isTrue();
        assertThat(book.add(DIGEST, List.of(signed(A, DIGEST)), VALIDATORS).added())
                .isEmpty();
        assertThat(book.encoded(MODEL)).isEmpty();
    }

    @Test
    void aModelThatIsNoLongerAnnouncedIsForgotten() {
        book.keep(Map.of(MODEL, DIGEST));
        book.sign(MODEL, A);
        assertThat(book.encoded(MODEL)).hasSize(1);
        book.keep(Map.of());
        assertThat(book.models()).isEmpty();
        assertThat(book.encoded(MODEL)).isEmpty();
        assertThat(book.sign(MODEL, A)).isEmpty();
    }
}
