import { PictureOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pictureUrl, type SmallWidth } from '../api/steady-url.ts';

interface PictureProps {
  url: string;
  alt: string;
  /** Pixels, for the space it will take; the style decides the size on screen. */
  width: number;
  height: number;
  /** Shown no larger than this: a small copy is fetched. */
  small?: SmallWidth;
  /** Fetch at once: it is what people look at now. */
  eager?: boolean;
  className?: string;
  onSettled?: (loaded: boolean) => void;
}

/** A picture by signed address. Takes its space before it comes; when it cannot be had it says so in that space. */
export function Picture(props: PictureProps) {
  const { url, alt, width, height, small, eager = false, className = '', onSettled } = props;
  const { t } = useTranslation();
  const source = pictureUrl(url, small);
  const [missing, setMissing] = useState<string>();
  if (missing === source) {
    return (
      <span
        className={`picture-missing ${className}`}
        role="img"
        aria-label={`${alt}：${t('stage.missing')}`}
      >
        <PictureOutlined aria-hidden />
        <span>{t('stage.missing')}</span>
      </span>
    );
  }
  return (
    <img
      className={className}
      src={source}
      alt={alt}
      width={width}
      height={height}
      loading={eager ? 'eager' : 'lazy'}
      decoding="async"
      draggable={false}
      onLoad={() => onSettled?.(true)}
      onError={() => {
        setMissing(source);
        onSettled?.(false);
      }}
    />
  );
}
