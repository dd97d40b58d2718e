import { SegmentedControl } from '@mantine/core';
import type { FilterOrder } from '../state/view-store.ts';
import styles from './order-control.module.css';

interface OrderControlProps {
  /** The sorted things. */
  readonly items: 'Tiles' | 'Rows';
  readonly value: FilterOrder;
  readonly onChange: (order: FilterOrder) => void;
}

/** Sorts tiles or rows by the filter's number or by its norm. */
export function OrderControl({ items, value, onChange }: OrderControlProps) {
  const id = `${items.toLowerCase()}-order-label`;
  return (
    <span className={styles.order} data-testid={`${items.toLowerCase()}-order`}>
      <span id={id}>{items} by</span>
      <SegmentedControl<FilterOrder>
        size="xs"
        withItemsBorders={false}
        aria-labelledby={id}
        data={[
          { value: 'index', label: 'Number' },
          { value: 'norm', label: 'Norm' },
        ]}
        value={value}
        onChange={onChange}
      />
    </span>
  );
}
