package io.engram.client.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.client.storage.DatabaseException;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;
import org.junit.jupiter.api.Test;

class StateRecordsTest {

    @Test
    void accounts_at_the_corners_come_back_from_their_flat_form() {
        for (long nonce : new long[] {0, 1, 127, 128, 256, Long.MAX_VALUE, -1}) {
            for (UInt256 balance : List.of(UInt256.ZERO, UInt256.ONE, UInt256.valueOf(256), UInt256.MAX_VALUE)) {
                for (Hash code : List.of(Hash.EMPTY_CODE, Hash.ZERO)) {
                    for (Hash root : List.of(Hash.EMPTY_TRIE, Hash.EMPTY_LIST)) {
                        StoredAccount account = new StoredAccount(nonce, Wei.of(balance), code, root);
                        assertThat(StoredAccount.fromFlat(account.toFlat())).isEqualTo(account);
                    }
                }
            }
        }
    }

    @Test
    void the_trie_value_of_a_fresh_account_is_the_known_encoding() {
        StoredAccount account = new StoredAccount(0, Wei.ZERO, Hash.EMPTY_CODE, Hash.EMPTY_TRIE);
        assertThat(Bytes.wrap(account.toTrieValue()).toUnprefixedHexString())
                .isEqualTo("f8448080a0"
                        + Hash.EMPTY_TRIE.toBytes().toUnprefixedHexString()
                        + "a0"
                        + Hash.EMPTY_CODE.toBytes().toUnprefixedHexString());
    }

    @Test
    void change_lists_come_back() {
        Map<Address, List<UInt256>> slots = Map.of(
                new Address(1, 2, 3), List.of(UInt256.ZERO, UInt256.MAX_VALUE), new Address(-1, -2, -3), List.of());
        ChangeList list = new ChangeList(Hash.EMPTY_LIST, slots);
        assertThat(ChangeList.decode(list.encode())).isEqualTo(list);
    }

    @Test
    void random_bytes_end_in_a_record_or_in_the_declared_error() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            for (int small = random.nextInt(4); small > 0 && bytes.length > 3; small--) {
                bytes[small - 1] = (byte) random.nextInt(10);
            }
            try {
                StoredAccount.fromFlat(bytes).toFlat();
            } catch (DatabaseException e) {
                assertThat(e.getMessage()).contains("malformed");
            }
            try {
                ChangeList.decode(bytes).encode();
            } catch (DatabaseException e) {
                assertThat(e.getMessage()).contains("malformed");
            }
        }
    }
}
