package io.engram.client.consensus.qbft;

import io.engram.client.consensus.Signatures;
import io.engram.client.consensus.qbft.message.BftBlock;
import io.engram.client.consensus.qbft.message.ConsensusRound;
import io.engram.client.consensus.qbft.message.MessageCodec;
import io.engram.client.consensus.qbft.message.MessageKind;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * Safety state as RLP, for stores: {@code [version, floor, [[code, height, round, subject] …], [block, [prepare …]] or []]}.
 */
public final class SafetyStateCodec {

    private static final int VERSION = 1;

    private final MessageCodec messages;

    public SafetyStateCodec(Signatures signatures) {
        this.messages = new MessageCodec(signatures);
    }

    public static Bytes encode(SafetyState state) {
        return RlpWriter.list(out -> {
            out.scalar(VERSION);
            out.scalar(state.floor());
            out.nested(marks -> {
                for (MessageKind kind : MessageKind.values()) {
                    state.last(kind)
                            .ifPresent(mark -> marks.nested(items -> {
                                items.scalar(kind.code());
                                items.scalar(mark.at().height());
                                items.scalar(mark.at().round());
                                items.hash(mark.subject());
                            }));
                }
            });
            out.nested(items -> state.certificate().ifPresent(certificate -> {
                items.raw(BlockCodec.encode(certificate.block().block()));
                MessageCodec.writePrepares(items, certificate.prepares());
            }));
        });
    }

    /** @throws RlpException when this is no safety state, which is not the same as having none */
    public SafetyState decode(Bytes encoded) throws RlpException {
        RlpReader in = RlpReader.ofList(encoded);
        int version = in.readInt();
        if (version != VERSION) {
            throw new RlpException("safety state of version " + version + ", expected " + VERSION);
        }
        long floor = in.readLong();
        Map<MessageKind, SafetyState.Mark> signed = new EnumMap<>(MessageKind.class);
        RlpReader marks = in.readList();
        while (marks.hasNext()) {
            RlpReader items = marks.readList();
            int code = items.readInt();
            MessageKind kind = MessageKind.of(code).orElseThrow(() -> new RlpException("no message has code " + code));
            ConsensusRound at = new ConsensusRound(items.readLong(), items.readInt());
            signed.put(kind, new SafetyState.Mark(at, items.readHash()));
            items.end();
        }
        Optional<PreparedCertificate> certificate = readCertificate(in.readList());
        in.end();
        return new SafetyState(floor, signed, certificate);
    }

    private Optional<PreparedCertificate> readCertificate(RlpReader in) throws RlpException {
        if (!in.hasNext()) {
            return Optional.empty();
        }
        BftBlock block = BftBlock.of(BlockCodec.readFrom(in));
        PreparedCertificate certificate = new PreparedCertificate(block, messages.readPrepares(in));
        in.end();
        return Optional.of(certificate);
    }
}
