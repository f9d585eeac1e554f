package io.engram.p2p.eth;

import io.engram.genesis.Hash;
import io.engram.genesis.block.Log;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.block.ReceiptCodec;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.genesis.transaction.TransactionType;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * A receipt on the wire: in eth/68 the form of the receipts trie, a typed one as a string; in eth/69
 * {@code [type, status or state root, cumulative gas, logs]}, without the bloom, which follows from the logs.
 */
final class WireReceipts {

    private static final Bytes SUCCEEDED = Bytes.of(1);

    /** Bytes of a receipt in eth/68 beside its logs: bloom, gas, prefixes. */
    private static final int FIXED_SIZE = 272;

    /** Bytes of a log beside topics and data. */
    private static final int FIXED_LOG_SIZE = 32;

    private WireReceipts() {}

    static void write(RlpWriter out, EthVersion version, Receipt receipt) {
        if (version == EthVersion.ETH69) {
            out.nested(fields -> {
                fields.scalar(receipt.type().code());
                fields.bytes(receipt.stateRoot()
                        .<Bytes>map(Hash::toBytes)
                        .orElse(receipt.succeeded() ? SUCCEEDED : Bytes.EMPTY));
                fields.scalar(receipt.cumulativeGasUsed());
                fields.nested(receipt.logs(), ReceiptCodec::writeLog);
            });
        } else if (receipt.type().isTyped()) {
            out.bytes(ReceiptCodec.encode(receipt));
        } else {
            out.raw(ReceiptCodec.encode(receipt));
        }
    }

    /** Roughly the bytes that the receipts of a block take. */
    static int size(List<Receipt> receipts) {
        int bytes = 0;
        for (Receipt receipt : receipts) {
            bytes += FIXED_SIZE;
            for (Log log : receipt.logs()) {
                bytes += FIXED_LOG_SIZE
                        + log.topics().size() * Hash.SIZE
                        + log.data().size();
            }
        }
        return bytes;
    }

    static Receipt read(RlpReader in, EthVersion version) throws RlpException {
        if (version == EthVersion.ETH68) {
            return ReceiptCodec.decode(in.nextIsList() ? in.readRaw() : in.readBytes());
        }
        RlpReader fields = in.readList();
        int code = fields.readInt();
        TransactionType type =
                TransactionType.ofCode(code).orElseThrow(() -> new RlpException("unknown receipt type " + code));
        Bytes outcome = fields.readBytes();
        Optional<Hash> stateRoot = outcome.size() == Hash.SIZE ? Optional.of(Hash.of(outcome)) : Optional.empty();
        boolean succeeded = outcome.equals(SUCCEEDED);
        if (stateRoot.isEmpty() && !succeeded && !outcome.isEmpty()) {
            throw new RlpException("neither a status nor a state root");
        }
        Receipt receipt =
                new Receipt(type, succeeded, stateRoot, fields.readLong(), fields.readList(ReceiptCodec::readLog));
        fields.end();
        return receipt;
    }
}
