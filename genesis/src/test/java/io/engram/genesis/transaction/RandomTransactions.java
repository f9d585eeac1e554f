package io.engram.genesis.transaction;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Seeded;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.KeyPair;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Signed transactions of every type from a seed. */
public final class RandomTransactions {

    private RandomTransactions() {}

    public static KeyPair keys(Random random) {
        return KeyPair.of(Seeded.hash(random));
    }

    public static UnsignedTransaction unsigned(Random random, TransactionType type) {
        Wei maxFee = wei(random);
        boolean isBlob = type == TransactionType.BLOB;
        boolean isSetCode = type == TransactionType.SET_CODE;
        Optional<UInt256> chainId = type.isTyped() || random.nextBoolean()
                ? Optional.of(UInt256.valueOf(random.nextInt(1 << 20)))
                : Optional.empty();
        Optional<Address> to =
                isBlob || isSetCode || random.nextBoolean() ? Optional.of(Seeded.address(random)) : Optional.empty();
        return new UnsignedTransaction(
                type,
                chainId,
                random.nextLong() >>> random.nextInt(64),
                type.hasFeeMarket() ? wei(random) : maxFee,
                maxFee,
                random.nextLong() >>> random.nextInt(64),
                to,
                wei(random),
                Seeded.bytes(random, random.nextInt(100)),
                type.isTyped() ? list(random, 3, RandomTransactions::entry) : List.of(),
                isBlob ? Optional.of(wei(random)) : Optional.empty(),
                isBlob ? list(random, 4, Seeded::hash) : List.of(),
                isSetCode ? list(random, 3, RandomTransactions::authorization) : List.of());
    }

    public static Transaction any(Random random) {
        TransactionType type = TransactionType.ofCode(random.nextInt(5)).orElseThrow();
        return unsigned(random, type).sign(keys(random));
    }

    private static Wei wei(Random random) {
        return Wei.of(UInt256.fromBytes(Seeded.bytes(random, random.nextInt(33))));
    }

    private static AccessListEntry entry(Random random) {
        return new AccessListEntry(Seeded.address(random), list(random, 3, Seeded::hash));
    }

    private static Authorization authorization(Random random) {
        return new Authorization(
                UInt256.valueOf(random.nextInt(100)),
                Seeded.address(random),
                random.nextLong(),
                random.nextInt(256),
                random.nextBoolean() ? Hash.ZERO : Seeded.hash(random),
                Seeded.hash(random));
    }

    public static <T> List<T> list(Random random, int bound, java.util.function.Function<Random, T> element) {
        return IntStream.range(0, random.nextInt(bound))
                .mapToObj(i -> element.apply(random))
                .toList();
    }

    static Bytes valid(Random random) {
        return any(random).encoded();
    }
}
