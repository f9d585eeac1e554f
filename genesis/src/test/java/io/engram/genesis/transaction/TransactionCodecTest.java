package io.engram.genesis.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Seeded;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

class TransactionCodecTest {

    /** The worked example of EIP-155. */
    @Test
    void theExampleOfEip155IsReproducedToTheByte() throws RlpException {
        UnsignedTransaction unsigned = UnsignedTransaction.of(TransactionType.LEGACY)
                .chainId(1)
                .nonce(9)
                .gasPrice(Wei.of(20_000_000_000L))
                .gasLimit(21_000)
                .to(Address.fromHex("0x3535353535353535353535353535353535353535"))
                .value(Wei.ofEther(1))
                .build();
        assertThat(unsigned.signingHash())
                .isEqualTo(Hash.fromHex("0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"));

        KeyPair keys = KeyPair.of(Hash.fromHex("0x4646464646464646464646464646464646464646464646464646464646464646"));
        Transaction signed = unsigned.sign(keys);
        assertThat(signed.encoded())
                .isEqualTo(Bytes.fromHexString(
                        "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025"
                                + "a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276"
                                + "a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"));
        assertThat(TransactionCodec.decode(signed.encoded()).sender()).contains(keys.address());
    }

    @Test
    void everyTypeComesBackFromBothFormsWithItsSender() {
        Seeded.forSeeds(300, random -> {
            KeyPair keys = RandomTransactions.keys(random);
            TransactionType type = TransactionType.ofCode(random.nextInt(5)).orElseThrow();
            Transaction transaction = RandomTransactions.unsigned(random, type).sign(keys);
            assertThat(transaction.hasLowS()).isTrue();

            Transaction decoded = TransactionCodec.decode(transaction.encoded());
            assertThat(decoded).isEqualTo(transaction).hasSameHashCodeAs(transaction);
            assertThat(decoded.hash()).isEqualTo(transaction.hash());
            assertThat(decoded.sender()).contains(keys.address());

            RlpReader body = RlpReader.of(RlpWriter.items(out -> TransactionCodec.writeTo(out, transaction)));
            assertThat(TransactionCodec.readFrom(body)).isEqualTo(transaction);
            body.end();
        });
    }

    @Test
    void theKeptEncodingIsTheOneThatFieldsGiveWhereverTheBytesLay() {
        Seeded.forSeeds(300, random -> {
            Transaction transaction = TransactionCodec.decode(RandomTransactions.valid(random));
            Bytes before = Seeded.bytes(random, random.nextInt(40));
            Bytes after = Seeded.bytes(random, random.nextInt(40));
            Bytes encoded = TransactionCodec.encode(transaction);
            Bytes page = Bytes.concatenate(before, encoded, after).copy();
            Transaction decoded = TransactionCodec.decode(page.slice(before.size(), encoded.size()));
            assertThat(decoded.encoded()).isEqualTo(encoded);
            assertThat(decoded.encoded().toArrayUnsafe()).hasSize(encoded.size());

            RlpReader body = RlpReader.of(RlpWriter.items(out -> {
                out.bytes(before);
                TransactionCodec.writeTo(out, transaction);
                out.bytes(after);
            }));
            body.skip();
            assertThat(TransactionCodec.readFrom(body).encoded()).isEqualTo(encoded);
        });
    }

    @Test
    void aRecoveredSenderIsTakenOverAndAGivenOneIsNot() {
        KeyPair keys = KeyPair.of(new Hash(0, 0, 0, 1));
        Transaction signed = UnsignedTransaction.of(TransactionType.LEGACY).sign(keys);
        assertThat(signed.sender()).contains(keys.address());
        Transaction same = UnsignedTransaction.of(TransactionType.LEGACY).sign(keys);
        same.adoptSender(signed);
        assertThat(same.sender()).isSameAs(signed.sender());

        Transaction other = UnsignedTransaction.of(TransactionType.LEGACY).sign(keys);
        other.adoptSender(signed.withSender(Address.ZERO));
        assertThat(other.sender()).contains(keys.address());

        Transaction different =
                UnsignedTransaction.of(TransactionType.LEGACY).nonce(1).sign(keys);
        assertThatThrownBy(() -> different.adoptSender(signed)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mutatedBytesAreRefusedOrEncodeToThemselves() {
        Seeded.forSeeds(10_000, random -> {
            Bytes mutated = Seeded.mutate(random, RandomTransactions.valid(random));
            try {
                Transaction decoded = TransactionCodec.decode(mutated);
                assertThat(TransactionCodec.encode(decoded)).isEqualTo(mutated);
                assertThat(decoded.encoded()).isEqualTo(mutated);
            } catch (RlpException e) {
                assertThat(e).hasMessageMatching(".+");
            }
        });
    }

    @Test
    void anUnknownTypeAndAWrappedLegacyTransactionAreRefused() {
        assertThatThrownBy(() -> TransactionCodec.decode(Bytes.fromHexString("0x05c0")))
                .isInstanceOf(RlpException.class)
                .hasMessageContaining("type 5");
        assertThatThrownBy(() -> TransactionCodec.decode(Bytes.fromHexString("0x00c0")))
                .isInstanceOf(RlpException.class);
        assertThatThrownBy(() -> TransactionCodec.readFrom(RlpReader.of(Bytes.fromHexString("0x81c0"))))
                .isInstanceOf(RlpException.class);
    }

    @Test
    void aGivenSenderTakesThePlaceOfTheRecoveredOne() {
        Transaction transaction = UnsignedTransaction.of(TransactionType.LEGACY).sign(KeyPair.of(new Hash(0, 0, 0, 1)));
        assertThat(transaction.withSender(Address.ZERO).sender()).contains(Address.ZERO);
        assertThat(transaction.withSender(Address.ZERO).hash()).isEqualTo(transaction.hash());
    }

    @Test
    void theEffectivePriceIsBaseFeePlusTipWithinTheMaximum() {
        Transaction transaction = UnsignedTransaction.of(TransactionType.FEE_MARKET)
                .chainId(1)
                .fees(Wei.of(100), Wei.of(10))
                .sign(KeyPair.of(new Hash(0, 0, 0, 1)));
        assertThat(transaction.effectiveGasPrice(Wei.of(50))).isEqualTo(Wei.of(60));
        assertThat(transaction.effectiveGasPrice(Wei.of(95))).isEqualTo(Wei.of(100));
        assertThat(transaction.effectiveGasPrice(Wei.of(120))).isEqualTo(Wei.of(100));
    }

    @Test
    void fieldsThatTheTypeLacksAreRefused() {
        assertThatThrownBy(() ->
                        UnsignedTransaction.of(TransactionType.ACCESS_LIST).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        UnsignedTransaction.of(TransactionType.BLOB).chainId(1).build())
                .hasMessageContaining("cannot create");
        assertThatThrownBy(() -> UnsignedTransaction.of(TransactionType.LEGACY)
                        .blobs(Wei.ZERO, List.of())
                        .build())
                .hasMessageContaining("type 3");
    }

    @Test
    void anAuthorizationNamesItsAuthority() {
        KeyPair keys = KeyPair.of(new Hash(0, 0, 0, 7));
        Authorization valid = Authorization.sign(UInt256.ONE, Address.ZERO, 3, keys);
        assertThat(valid.authority()).contains(keys.address());
        Authorization impossible = new Authorization(UInt256.ONE, Address.ZERO, 3, 2, valid.r(), valid.s());
        assertThat(impossible.authority()).isEqualTo(Optional.empty());
    }
}
