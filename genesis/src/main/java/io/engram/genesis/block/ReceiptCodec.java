package io.engram.genesis.block;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.genesis.transaction.TransactionType;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * Receipts in the form that the receipts trie holds: type byte (EIP-2718) and
 * {@code [status or state root, cumulative gas, bloom, logs]}.
 */
public final class ReceiptCodec {

    private static final Bytes SUCCEEDED = Bytes.of(1);

    private ReceiptCodec() {}

    public static Bytes encode(Receipt receipt) {
        return encode(receipt, LogsBloom.of(receipt.logs()));
    }

    /** As {@link #encode(Receipt)}, where the bloom of the receipt's logs is known. */
    public static Bytes encode(Receipt receipt, Bytes bloom) {
        return receipt.type().isTyped()
                ? RlpWriter.typedList(receipt.type().code(), out -> writeFields(out, receipt, bloom))
                : RlpWriter.list(out -> writeFields(out, receipt, bloom));
    }

    private static void writeFields(RlpWriter out, Receipt receipt, Bytes bloom) {
        out.bytes(outcome(receipt));
        out.scalar(receipt.cumulativeGasUsed());
        out.bytes(bloom);
        out.nested(receipt.logs(), ReceiptCodec::writeLog);
    }

    /** Reads the form of the receipts trie; a bloom that is not that of the logs is an error. */
    public static Receipt decode(Bytes encoded) throws RlpException {
        if (encoded.isEmpty()) {
            throw new RlpException("an empty receipt");
        }
        int first = encoded.get(0) & 0xff;
        if (first >= 0xc0) {
            return readFields(TransactionType.LEGACY, RlpReader.ofList(encoded));
        }
        TransactionType type = TransactionType.ofCode(first)
                .filter(TransactionType::isTyped)
                .orElseThrow(() -> new RlpException("unknown receipt type " + first));
        return readFields(type, RlpReader.ofList(encoded.slice(1)));
    }

    /** A log as {@code [address, topics, data]}. */
    public static void writeLog(RlpWriter out, Log log) {
        out.nested(fields -> {
            fields.address(log.address());
            fields.nested(log.topics(), RlpWriter::hash);
            fields.bytes(log.data());
        });
    }

    private static Bytes outcome(Receipt receipt) {
        return receipt.stateRoot().<Bytes>map(Hash::toBytes).orElse(receipt.succeeded() ? SUCCEEDED : Bytes.EMPTY);
    }

    private static Receipt readFields(TransactionType type, RlpReader in) throws RlpException {
        Bytes outcome = in.readBytes();
        Optional<Hash> stateRoot = outcome.size() == Hash.SIZE ? Optional.of(Hash.of(outcome)) : Optional.empty();
        boolean succeeded = outcome.equals(SUCCEEDED);
        if (stateRoot.isEmpty() && !succeeded && !outcome.isEmpty()) {
            throw new RlpException("neither a status nor a state root: " + outcome);
        }
        long cumulativeGasUsed = in.readLong();
        Bytes bloom = in.readBytes(BlockHeader.BLOOM_SIZE);
        List<Log> logs = in.readList(ReceiptCodec::readLog);
        in.end();
        if (!bloom.equals(LogsBloom.of(logs))) {
            throw new RlpException("the bloom is not that of the logs");
        }
        return new Receipt(type, succeeded, stateRoot, cumulativeGasUsed, logs);
    }

    /** Reads {@code [address, topics, data]}. */
    public static Log readLog(RlpReader in) throws RlpException {
        RlpReader fields = in.readList();
        Address address = fields.readAddress();
        List<Hash> topics = fields.readList(RlpReader::readHash);
        if (topics.size() > Log.MAX_TOPICS) {
            throw new RlpException(topics.size() + " topics");
        }
        Bytes data = fields.readBytes();
        fields.end();
        return new Log(address, topics, data);
    }
}
