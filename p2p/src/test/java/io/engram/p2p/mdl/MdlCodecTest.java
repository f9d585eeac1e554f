package io.engram.p2p.mdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Hash;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.p2p.Seeds;
import io.engram.p2p.mdl.MdlMessage.Attestations;
import io.engram.p2p.mdl.MdlMessage.Chunks;
import io.engram.p2p.mdl.MdlMessage.GetChunks;
import io.engram.p2p.mdl.MdlMessage.GetInferenceOutputs;
import io.engram.p2p.mdl.MdlMessage.GetInferenceReceipts;
import io.engram.p2p.mdl.MdlMessage.GetSteps;
import io.engram.p2p.mdl.MdlMessage.Held;
import io.engram.p2p.mdl.MdlMessage.InferenceOutputs;
import io.engram.p2p.mdl.MdlMessage.InferenceReceipts;
import io.engram.p2p.mdl.MdlMessage.Steps;
import io.engram.p2p.mdl.MdlMessage.Suspensions;
import io.engram.p2p.peer.WireException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class MdlCodecTest {

    private static final Hash A = new Hash(1, 2, 3, 4);
    private static final Hash B = new Hash(5, 6, 7, 8);
    private static final Bytes SIGNATURE = Bytes.repeat((byte) 7, MdlLimits.SIGNATURE_BYTES);
    private static final int HELD = 0x01;

    private static List<MdlMessage> samples() {
        return List.of(
                new Held(new HeldModels(A, Set.of(A, B))),
                new Held(new HeldModels(B, Set.of())),
                new GetChunks(1, A, 1_919, MdlLimits.CHUNKS),
                new Chunks(
                        1,
                        20_000,
                        List.of(
                                new ModelChunk(Bytes.repeat((byte) 1, MdlLimits.CHUNK_BYTES), List.of(A, B)),
                                new ModelChunk(Bytes.of(1, 2), List.of()))),
                new Chunks(2, 0, List.of()),
                new Attestations(A, List.of(SIGNATURE, SIGNATURE)),
                new GetInferenceReceipts(3, B),
                new InferenceReceipts(3, List.of(Bytes.repeat((byte) 5, MdlLimits.INFERENCE_RECEIPT_BYTES))),
                new GetSteps(4, A, 12),
                new Steps(4, List.of(Bytes.repeat((byte) 6, 150), Bytes.of(1))),
                new GetInferenceOutputs(5, B),
                new InferenceOutputs(5, List.of(Bytes.repeat((byte) 8, 40), Bytes.of(2))),
                new InferenceOutputs(6, List.of()),
                new Suspensions(A, true, 7, List.of(SIGNATURE)),
                new Suspensions(B, false, 0, List.of()));
    }

    private static MdlMessage decode(MdlMessage message) throws WireException {
        MdlCodec.Encoded encoded = MdlCodec.encode(message);
        return MdlCodec.decode(encoded.code(), encoded.payload());
    }

    @Test
    void everyMessageSurvivesTheWire() throws WireException {
        for (MdlMessage message : samples()) {
            assertThat(decode(message)).isEqualTo(message);
        }
        MdlStatus status = new MdlStatus(A, B);
        assertThat(MdlCodec.decodeStatus(MdlCodec.encodeStatus(status))).isEqualTo(status);
    }

    @Test
    void whatExceedsALimitIsRefused() {
        refused(new GetChunks(1, A, 0, 0));
        refused(new GetChunks(1, A, 0, MdlLimits.CHUNKS + 1));
        ModelChunk chunk = new ModelChunk(Bytes.of(1), List.of());
        refused(new Chunks(1, 1, Collections.nCopies(MdlLimits.CHUNKS + 1, chunk)));
        refused(new Chunks(
                1, 1, List.of(new ModelChunk(Bytes.repeat((byte) 1, MdlLimits.CHUNK_BYTES + 1), List.of()))));
        refused(new Chunks(1, 1, List.of(new ModelChunk(Bytes.EMPTY, List.of()))));
        refused(new Chunks(1, 1, List.of(new ModelChunk(Bytes.of(1), Collections.nCopies(MdlLimits.PATH + 1, A)))));
        refused(new Attestations(A, Collections.nCopies(MdlLimits.SIGNATURES + 1, SIGNATURE)));
        refused(new Attestations(A, List.of(SIGNATURE.slice(1))));
        refused(new Suspensions(A, true, 0, List.of(SIGNATURE.slice(1))));
        refused(new Suspensions(A, true, 0, Collections.nCopies(MdlLimits.SIGNATURES + 1, SIGNATURE)));
        refused(new InferenceReceipts(1, List.of(Bytes.of(1))));
        refused(new Steps(1, List.of(Bytes.repeat((byte) 1, MdlLimits.STEP_BYTES + 1))));
        refused(new Steps(1, Collections.nCopies(MdlLimits.STEPS + 1, Bytes.of(1))));
        Bytes half = Bytes.repeat((byte) 1, MdlLimits.OUTPUT_BYTES / 2);
        refused(new InferenceOutputs(1, List.of(half, half, Bytes.of(1))));
        refused(new InferenceOutputs(1, Collections.nCopies(MdlLimits.INFERENCE_RECEIPTS + 1, Bytes.of(1))));
    }

    private static void refused(MdlMessage message) {
        assertThatThrownBy(() -> decode(message)).isInstanceOf(WireException.class);
    }

    @Test
    void modelsMustComeInAscendingOrder() {
        for (List<Hash> models : List.of(List.of(B, A), List.of(A, A))) {
            Bytes payload = RlpWriter.list(out -> {
                out.hash(A);
                out.nested(models, RlpWriter::hash);
            });
            assertThatThrownBy(() -> MdlCodec.decode(HELD, payload))
                    .isInstanceOf(WireException.class)
                    .hasMessageContaining("ascending");
        }
    }

    @Test
    void anOversizedMessageIsRefusedUnread() {
        Bytes payload = Bytes.wrap(new byte[MdlLimits.MESSAGE_BYTES + 1]);
        assertThatThrownBy(() -> MdlCodec.decode(HELD, payload))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("bytes");
    }

    @Test
    void randomAndMutatedBytesEndInTheSameMessageOrTheOneCheckedError() {
        Seeds.forSeeds(3_000, random -> {
            MdlMessage sample = samples().get(random.nextInt(samples().size()));
            MdlCodec.Encoded encoded = MdlCodec.encode(sample);
            Bytes payload = switch (random.nextInt(3)) {
                case 0 -> Seeds.bytes(random, random.nextInt(200));
                case 1 -> RlpWriter.list(out -> out.bytes(Seeds.bytes(random, random.nextInt(100))));
                default -> Seeds.mutate(random, encoded.payload());
            };
            int code = random.nextInt(4) == 0 ? random.nextInt(MdlCodec.MESSAGES + 1) : encoded.code();
            try {
                MdlMessage message = MdlCodec.decode(code, payload);
                assertThat(MdlCodec.encode(message).payload()).isEqualTo(payload);
            } catch (WireException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
            try {
                assertThat(MdlCodec.encodeStatus(MdlCodec.decodeStatus(payload)))
                        .isEqualTo(payload);
            } catch (WireException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        });
    }
}
