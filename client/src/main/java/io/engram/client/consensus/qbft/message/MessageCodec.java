package io.engram.client.consensus.qbft.message;

import io.engram.client.consensus.SignatureCodec;
import io.engram.client.consensus.Signatures;
import io.engram.client.consensus.qbft.message.Payload.PreparePayload;
import io.engram.client.consensus.qbft.message.Payload.RoundChangePayload;
import io.engram.client.consensus.qbft.message.QbftMessage.Commit;
import io.engram.client.consensus.qbft.message.QbftMessage.Prepare;
import io.engram.client.consensus.qbft.message.QbftMessage.Proposal;
import io.engram.client.consensus.qbft.message.QbftMessage.RoundChange;
import io.engram.genesis.Address;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * Messages as RLP.
 *
 * <pre>
 * proposal     [[payload, signature], [[round change …], [prepare …]]]
 * prepare      [payload, signature]
 * commit       [payload, signature]
 * round change [[payload, signature], block or [], empty access list, [prepare …]]
 * </pre>
 *
 * In {@link WireEncoding#LEGACY} the access list is not there; the number of items tells. Decoding accepts canonical RLP
 * only, recovers every signature, and ends in {@link RlpException} or a message. Thread-safe.
 */
public final class MessageCodec {

    /** Signatures in one list of a message: more than any validator set, and a bound on the work that one message is. */
    public static final int MAX_SIGNATURES = 512;

    private final Signatures signatures;

    public MessageCodec(Signatures signatures) {
        this.signatures = signatures;
    }

    public static Bytes encode(QbftMessage message, WireEncoding encoding) {
        return switch (message) {
            case Proposal proposal ->
                RlpWriter.list(out -> {
                    writeSigned(out, proposal.signed());
                    out.nested(justification -> {
                        justification.nested(proposal.roundChanges(), MessageCodec::writeSigned);
                        writePrepares(justification, proposal.prepares());
                    });
                });
            case Prepare prepare -> RlpWriter.list(out -> writeSignedItems(out, prepare.signed()));
            case Commit commit -> RlpWriter.list(out -> writeSignedItems(out, commit.signed()));
            case RoundChange change ->
                RlpWriter.list(out -> {
                    writeSigned(out, change.signed());
                    if (change.block().isPresent()) {
                        out.raw(BlockCodec.encode(change.block().get().block()));
                    } else {
                        out.nested(none -> {});
                    }
                    PayloadCodec.writeAccessListSlot(out, encoding);
                    writePrepares(out, change.prepares());
                });
        };
    }

    /** @throws RlpException when the bytes are no message of this code, or a signature in it is nobody's */
    public QbftMessage decode(int code, Bytes encoded) throws RlpException {
        MessageKind kind = MessageKind.of(code)
                .orElseThrow(() -> new RlpException("message code 0x" + Integer.toHexString(code) + " is unknown"));
        RlpReader in = RlpReader.ofList(encoded);
        QbftMessage message = switch (kind) {
            case PROPOSAL -> readProposal(in);
            case PREPARE -> new Prepare(readSignedItems(in, kind, PayloadCodec::readPrepare));
            case COMMIT -> new Commit(readSignedItems(in, kind, PayloadCodec::readCommit));
            case ROUND_CHANGE -> readRoundChange(in);
        };
        in.end();
        return message;
    }

    /** Writes a list of signed prepares, as certificates hold it. */
    public static void writePrepares(RlpWriter out, List<Signed<PreparePayload>> prepares) {
        out.nested(prepares, MessageCodec::writeSigned);
    }

    public List<Signed<PreparePayload>> readPrepares(RlpReader in) throws RlpException {
        return readAll(in, MessageKind.PREPARE, PayloadCodec::readPrepare);
    }

    private Proposal readProposal(RlpReader in) throws RlpException {
        var signed = readSignedItems(in.readList(), MessageKind.PROPOSAL, PayloadCodec::readProposal);
        RlpReader justification = in.readList();
        var roundChanges = readAll(justification, MessageKind.ROUND_CHANGE, PayloadCodec::readRoundChange);
        List<Signed<PreparePayload>> prepares = readPrepares(justification);
        justification.end();
        return new Proposal(signed, roundChanges, prepares);
    }

    private RoundChange readRoundChange(RlpReader in) throws RlpException {
        Signed<RoundChangePayload> signed =
                readSignedItems(in.readList(), MessageKind.ROUND_CHANGE, PayloadCodec::readRoundChange);
        Optional<BftBlock> block = readOptionalBlock(in);
        if (in.countRemaining() > 1) {
            PayloadCodec.readAccessListSlot(in);
        }
        List<Signed<PreparePayload>> prepares = readPrepares(in);
        return new RoundChange(signed, block, prepares);
    }

    private static Optional<BftBlock> readOptionalBlock(RlpReader in) throws RlpException {
        Bytes raw = in.readRaw();
        RlpReader inside = RlpReader.ofList(raw);
        return inside.hasNext() ? Optional.of(BftBlock.of(BlockCodec.decode(raw))) : Optional.empty();
    }

    private <P extends Payload> List<Signed<P>> readAll(RlpReader in, MessageKind kind, RlpReader.Element<P> payload)
            throws RlpException {
        RlpReader items = in.readList();
        List<Signed<P>> all = new ArrayList<>();
        while (items.hasNext()) {
            if (all.size() == MAX_SIGNATURES) {
                throw new RlpException("more than " + MAX_SIGNATURES + " signatures in a list");
            }
            all.add(readSignedItems(items.readList(), kind, payload));
        }
        return all;
    }

    private <P extends Payload> Signed<P> readSignedItems(RlpReader in, MessageKind kind, RlpReader.Element<P> payload)
            throws RlpException {
        Bytes encoded = in.readRaw();
        P content = payload.read(RlpReader.ofList(encoded));
        Signature signature = SignatureCodec.decode(in.readBytes(SignatureCodec.SIZE))
                .orElseThrow(() -> new RlpException("a recovery bit other than 0 and 1"));
        in.end();
        Address author = signatures
                .signer(PayloadCodec.signingHash(kind, encoded), signature)
                .orElseThrow(() -> new RlpException("a signature that nobody can have made"));
        return new Signed<>(content, encoded, signature, author);
    }

    private static void writeSigned(RlpWriter out, Signed<? extends Payload> signed) {
        out.nested(items -> writeSignedItems(items, signed));
    }

    private static void writeSignedItems(RlpWriter out, Signed<? extends Payload> signed) {
        out.raw(signed.encoded());
        out.bytes(SignatureCodec.encode(signed.signature()));
    }
}
