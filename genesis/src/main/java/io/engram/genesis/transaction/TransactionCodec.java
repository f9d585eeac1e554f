package io.engram.genesis.transaction;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Transactions of types 0 to 4 as bytes (EIP-155, 2718, 2930, 1559, 4844, 7702). The form of blob transactions that
 * carries blobs, commitments and proofs between pools is not covered.
 */
public final class TransactionCodec {

    private static final UInt256 TWO = UInt256.valueOf(2);
    private static final UInt256 THIRTY_FIVE = UInt256.valueOf(35);

    private TransactionCodec() {}

    /** The EIP-2718 form, as it is hashed and sent by {@code eth_sendRawTransaction}. */
    public static Bytes encode(Transaction transaction) {
        UnsignedTransaction content = transaction.content();
        Signature signature = transaction.signature();
        return envelope(content.type(), out -> {
            writeContent(out, content);
            if (content.type().isTyped()) {
                out.scalar(signature.yParity());
            } else {
                out.scalar(legacyV(content.chainId(), signature));
            }
            out.scalar(signature.r());
            out.scalar(signature.s());
        });
    }

    /** Reads the EIP-2718 form; nothing may be left over. The bytes must not change afterwards. */
    public static Transaction decode(Bytes encoded) throws RlpException {
        if (encoded.isEmpty()) {
            throw new RlpException("an empty transaction");
        }
        // An array of its own where the bytes are a part of a larger one, which the transaction must not keep alive.
        Bytes own = Bytes.wrap(encoded.toArrayUnsafe());
        int first = own.get(0) & 0xff;
        if (first >= 0xc0) {
            return decodeLegacy(RlpReader.ofList(own)).decodedFrom(own);
        }
        TransactionType type = TransactionType.ofCode(first)
                .filter(TransactionType::isTyped)
                .orElseThrow(() -> new RlpException("unknown transaction type " + first));
        return decodeTyped(type, RlpReader.ofListAfter(own, 1)).decodedFrom(own);
    }

    /** Writes the form in which a block's body holds the transaction: a list, or type byte and list as a string. */
    public static void writeTo(RlpWriter out, Transaction transaction) {
        if (transaction.type().isTyped()) {
            out.bytes(transaction.encoded());
        } else {
            out.raw(transaction.encoded());
        }
    }

    /** Reads the form in which a block's body holds a transaction. */
    public static Transaction readFrom(RlpReader in) throws RlpException {
        if (in.nextIsList()) {
            return decode(in.readRaw());
        }
        Bytes encoded = in.readBytes();
        if (!encoded.isEmpty() && (encoded.get(0) & 0xff) >= 0xc0) {
            throw new RlpException("a legacy transaction wrapped in a string");
        }
        return decode(encoded);
    }

    /** The digest that the sender signs. */
    public static Hash signingHash(UnsignedTransaction content) {
        return Keccak256.hash(envelope(content.type(), out -> {
            writeContent(out, content);
            if (!content.type().isTyped() && content.chainId().isPresent()) {
                out.scalar(content.chainId().get());
                out.scalar(0);
                out.scalar(0);
            }
        }));
    }

    /** The v of a legacy signature: 27 or 28, or under EIP-155 35 or 36 plus twice the chain id (mod 2^256). */
    public static UInt256 legacyV(Optional<UInt256> chainId, Signature signature) {
        return chainId.map(id -> id.multiply(TWO).add(35L + signature.yParity()))
                .orElseGet(() -> UInt256.valueOf(27L + signature.yParity()));
    }

    private static Bytes envelope(TransactionType type, Consumer<RlpWriter> fields) {
        return type.isTyped() ? RlpWriter.typedList(type.code(), fields) : RlpWriter.list(fields);
    }

    private static void writeContent(RlpWriter out, UnsignedTransaction content) {
        TransactionType type = content.type();
        if (type.isTyped()) {
            out.scalar(content.chainId().orElseThrow());
        }
        out.scalar(content.nonce());
        if (type.hasFeeMarket()) {
            out.scalar(content.maxPriorityFeePerGas());
        }
        out.scalar(content.maxFeePerGas());
        out.scalar(content.gasLimit());
        out.address(content.to());
        out.scalar(content.value());
        out.bytes(content.data());
        if (type.isTyped()) {
            out.nested(content.accessList(), TransactionCodec::writeAccessListEntry);
        }
        if (type == TransactionType.BLOB) {
            out.scalar(content.maxFeePerBlobGas().orElseThrow());
            out.nested(content.blobVersionedHashes(), RlpWriter::hash);
        }
        if (type == TransactionType.SET_CODE) {
            out.nested(content.authorizations(), TransactionCodec::writeAuthorization);
        }
    }

    private static Transaction decodeLegacy(RlpReader in) throws RlpException {
        long nonce = in.readUnsignedLong();
        Wei gasPrice = in.readWei();
        long gasLimit = in.readUnsignedLong();
        Optional<Address> to = in.readOptionalAddress();
        Wei value = in.readWei();
        Bytes data = in.readBytes();
        UInt256 v = in.readUInt256();
        Optional<UInt256> chainId;
        int yParity;
        if (v.compareTo(THIRTY_FIVE) >= 0) {
            UInt256 shifted = v.subtract(THIRTY_FIVE);
            chainId = Optional.of(shifted.divide(TWO));
            yParity = shifted.toMinimalBytes().isEmpty() ? 0 : shifted.get(31) & 1;
        } else if (v.equals(UInt256.valueOf(27)) || v.equals(UInt256.valueOf(28))) {
            chainId = Optional.empty();
            yParity = v.intValue() - 27;
        } else {
            throw new RlpException("impossible v " + v.toBigInteger());
        }
        Signature signature = new Signature(in.readScalarHash(), in.readScalarHash(), yParity);
        in.end();
        return new Transaction(
                TransactionType.LEGACY,
                chainId,
                nonce,
                gasPrice,
                gasPrice,
                gasLimit,
                to,
                value,
                data,
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                signature);
    }

    private static Transaction decodeTyped(TransactionType type, RlpReader in) throws RlpException {
        boolean isBlob = type == TransactionType.BLOB;
        boolean isSetCode = type == TransactionType.SET_CODE;
        UInt256 chainId = in.readUInt256();
        long nonce = in.readUnsignedLong();
        Wei priorityFee = in.readWei();
        Wei maxFee = type.hasFeeMarket() ? in.readWei() : priorityFee;
        long gasLimit = in.readUnsignedLong();
        Optional<Address> to = isBlob || isSetCode ? Optional.of(in.readAddress()) : in.readOptionalAddress();
        Wei value = in.readWei();
        Bytes data = in.readBytes();
        List<AccessListEntry> accessList = in.readList(TransactionCodec::readAccessListEntry);
        Optional<Wei> blobFee = isBlob ? Optional.of(in.readWei()) : Optional.empty();
        List<Hash> blobHashes = isBlob ? in.readList(RlpReader::readHash) : List.of();
        List<Authorization> authorizations = isSetCode ? in.readList(TransactionCodec::readAuthorization) : List.of();
        int yParity = in.readInt();
        if (yParity > 1) {
            throw new RlpException("y parity " + yParity);
        }
        Signature signature = new Signature(in.readScalarHash(), in.readScalarHash(), yParity);
        in.end();
        return new Transaction(
                type,
                Optional.of(chainId),
                nonce,
                priorityFee,
                maxFee,
                gasLimit,
                to,
                value,
                data,
                accessList,
                blobFee,
                blobHashes,
                authorizations,
                signature);
    }

    private static void writeAccessListEntry(RlpWriter out, AccessListEntry entry) {
        out.nested(fields -> {
            fields.address(entry.address());
            fields.nested(entry.slots(), RlpWriter::hash);
        });
    }

    private static AccessListEntry readAccessListEntry(RlpReader in) throws RlpException {
        RlpReader fields = in.readList();
        AccessListEntry entry = new AccessListEntry(fields.readAddress(), fields.readList(RlpReader::readHash));
        fields.end();
        return entry;
    }

    private static void writeAuthorization(RlpWriter out, Authorization authorization) {
        out.nested(fields -> {
            fields.scalar(authorization.chainId());
            fields.address(authorization.address());
            fields.scalar(authorization.nonce());
            fields.scalar(authorization.yParity());
            fields.scalar(authorization.r());
            fields.scalar(authorization.s());
        });
    }

    private static Authorization readAuthorization(RlpReader in) throws RlpException {
        RlpReader fields = in.readList();
        UInt256 chainId = fields.readUInt256();
        Address address = fields.readAddress();
        long nonce = fields.readUnsignedLong();
        int yParity = fields.readInt();
        if (yParity > 0xff) {
            throw new RlpException("y parity exceeds 8 bits");
        }
        Authorization authorization =
                new Authorization(chainId, address, nonce, yParity, fields.readScalarHash(), fields.readScalarHash());
        fields.end();
        return authorization;
    }
}
