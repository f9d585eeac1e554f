package io.engram.client.chain;

import io.engram.client.storage.DatabaseException;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.Log;
import io.engram.genesis.block.Receipt;
import io.engram.genesis.block.ReceiptCodec;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.genesis.transaction.TransactionType;
import io.engram.inference.commitment.InferenceOutput;
import io.engram.inference.commitment.InferenceReceipt;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * The forms in which blocks lie in the database, all RLP. Receipts are kept without their blooms, which follow from the
 * logs. Every decoder throws {@link DatabaseException} on bytes that its encoder does not write.
 */
final class BlockRecords {

    record StoredHeader(UInt256 totalDifficulty, BlockHeader header) {}

    private BlockRecords() {}

    static byte[] encodeHeader(StoredHeader stored) {
        return RlpWriter.list(out -> {
                    out.scalar(stored.totalDifficulty());
                    BlockCodec.writeHeader(out, stored.header());
                })
                .toArrayUnsafe();
    }

    static StoredHeader decodeHeader(byte[] bytes) {
        return decode("header", bytes, in -> new StoredHeader(in.readUInt256(), BlockCodec.readHeader(in)));
    }

    static byte[] encodeBody(BlockBody body) {
        return BlockCodec.encodeBody(body).toArrayUnsafe();
    }

    static BlockBody decodeBody(byte[] bytes) {
        try {
            return BlockCodec.decodeBody(Bytes.wrap(bytes));
        } catch (RlpException e) {
            throw new DatabaseException("the database holds a malformed body", e);
        }
    }

    static byte[] encodeReceipts(List<Receipt> receipts) {
        return RlpWriter.list(out -> receipts.forEach(receipt -> out.nested(fields -> {
                    fields.scalar(receipt.type().code());
                    fields.bytes(receipt.stateRoot()
                            .<Bytes>map(Hash::toBytes)
                            .orElse(receipt.succeeded() ? Bytes.of(1) : Bytes.EMPTY));
                    fields.scalar(receipt.cumulativeGasUsed());
                    fields.nested(receipt.logs(), ReceiptCodec::writeLog);
                })))
                .toArrayUnsafe();
    }

    static List<Receipt> decodeReceipts(byte[] bytes) {
        return decodeItems("receipt", bytes, BlockRecords::readReceipt);
    }

    private static Receipt readReceipt(RlpReader in) throws RlpException {
        int code = in.readInt();
        TransactionType type =
                TransactionType.ofCode(code).orElseThrow(() -> new RlpException("unknown receipt type " + code));
        Bytes outcome = in.readBytes();
        boolean before = outcome.size() == Hash.SIZE;
        if (!before && outcome.size() > 1) {
            throw new RlpException("an impossible outcome");
        }
        Optional<Hash> stateRoot = before ? Optional.of(Hash.of(outcome)) : Optional.empty();
        long gas = in.readUnsignedLong();
        List<Log> logs = in.readList(item -> {
            RlpReader fields = item.readList();
            Log log = new Log(fields.readAddress(), fields.readList(RlpReader::readHash), fields.readBytes());
            fields.end();
            return log;
        });
        return new Receipt(type, outcome.size() == 1, stateRoot, gas, logs);
    }

    static byte[] encodeInferences(List<InferenceReceipt> inferences) {
        return RlpWriter.list(out -> inferences.forEach(receipt -> out.nested(fields -> {
                    fields.scalar(receipt.transactionIndex());
                    fields.scalar(receipt.sequence());
                    fields.hash(receipt.modelId());
                    fields.hash(receipt.inputRoot());
                    fields.hash(receipt.outputRoot());
                    fields.hash(receipt.stepsRoot());
                    fields.scalar(receipt.gas());
                    fields.address(receipt.author());
                    fields.scalar(receipt.credit());
                })))
                .toArrayUnsafe();
    }

    static List<InferenceReceipt> decodeInferences(byte[] bytes) {
        return decodeItems(
                "inference receipt",
                bytes,
                in -> new InferenceReceipt(
                        in.readInt(),
                        in.readInt(),
                        in.readHash(),
                        in.readHash(),
                        in.readHash(),
                        in.readHash(),
                        in.readUnsignedLong(),
                        in.readAddress(),
                        in.readWei()));
    }

    static byte[] encodeOutputs(List<InferenceOutput> outputs) {
        return RlpWriter.list(out -> outputs.forEach(output -> out.bytes(Bytes.wrap(output.toBytes()))))
                .toArrayUnsafe();
    }

    static List<InferenceOutput> decodeOutputs(byte[] bytes) {
        try {
            return RlpReader.of(Bytes.wrap(bytes))
                    .readList(item -> InferenceOutput.ofBytes(item.readBytes().toArray())
                            .orElseThrow(() -> new RlpException("an output without a form")));
        } catch (RlpException e) {
            throw new DatabaseException("the database holds a malformed inference output", e);
        }
    }

    static byte[] encodeLocation(ChainStore.TransactionLocation location) {
        return RlpWriter.list(out -> {
                    out.hash(location.blockHash());
                    out.scalar(location.blockNumber());
                    out.scalar(location.index());
                })
                .toArrayUnsafe();
    }

    static ChainStore.TransactionLocation decodeLocation(byte[] bytes) {
        return decode(
                "transaction location",
                bytes,
                in -> new ChainStore.TransactionLocation(in.readHash(), in.readLong(), in.readInt()));
    }

    private static <T> T decode(String what, byte[] bytes, RlpReader.Element<T> element) {
        try {
            RlpReader in = RlpReader.ofList(Bytes.wrap(bytes));
            T value = element.read(in);
            in.end();
            return value;
        } catch (RlpException e) {
            throw new DatabaseException("the database holds a malformed " + what, e);
        }
    }

    private static <T> List<T> decodeItems(String what, byte[] bytes, RlpReader.Element<T> element) {
        try {
            return RlpReader.of(Bytes.wrap(bytes)).readList(item -> {
                RlpReader fields = item.readList();
                T value = element.read(fields);
                fields.end();
                return value;
            });
        } catch (RlpException e) {
            throw new DatabaseException("the database holds a malformed " + what, e);
        }
    }
}
