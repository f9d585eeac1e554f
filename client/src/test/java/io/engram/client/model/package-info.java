/** Tests. */
@NullMarked
package io.engram.client.model;

import org.jspecify.annotations.NullMarked;
