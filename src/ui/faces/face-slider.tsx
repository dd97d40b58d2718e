import { Slider } from '@mantine/core';
import type { SliderDescription } from '../../faces/synthetic/parameters.ts';
import styles from './face-slider.module.css';
import { useGallery, useGalleryActions } from './gallery-context.tsx';
import { sliderText } from './slider-text.ts';

/** One parameter of the face on show: label, value in words, slider. */
export function FaceSlider({ slider }: { readonly slider: SliderDescription }) {
  const actions = useGalleryActions();
  const { key, label, min, max, step, rest } = slider;
  const value = useGallery(({ own, moved }) => moved[key] ?? own?.[key]);
  const shown = value ?? rest;
  const text = value === undefined ? '' : sliderText(slider, shown);
  return (
    <div className={styles.slider} data-testid="gallery-slider" data-parameter={key}>
      <div className={styles.head}>
        <span>{label}</span>
        <b>{text}</b>
      </div>
      <Slider
        size={4}
        thumbSize={14}
        label={null}
        min={min}
        max={max}
        step={step}
        startPointValue={rest}
        value={shown}
        disabled={value === undefined}
        thumbLabel={label}
        thumbProps={{ 'aria-valuetext': text }}
        onChange={(next) => actions.moveSlider(key, next)}
      />
    </div>
  );
}
